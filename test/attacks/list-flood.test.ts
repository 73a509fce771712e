import assert from 'node:assert/strict'
import test from 'node:test'
import { configured, startGateway, type Upstream } from '../fixtures/gateway.ts'
import { callTool, toolNames } from '../fixtures/pulled.ts'
import { scripted, scriptedHttp } from '../fixtures/running.ts'
import type { Act, Rpc, Script } from '../fixtures/scripted-acts.ts'
import { httpTalker } from '../plays/http-talker.ts'
import { type Era, greet } from '../plays/talker.ts'

const tool = (name: string): Rpc => ({ name, description: 'Adds two numbers.', inputSchema: { type: 'object' } })
const changed = 'notifications/tools/list_changed'
const times = 300
const flooding: Readonly<Record<string, readonly Act[]>> = {
  'over HTTP': Array.from({ length: times }, () => ({ notify: changed })),
  // As one act: a script is handed over on the command line.
  'over stdio': [{ raw: `${JSON.stringify({ jsonrpc: '2.0', method: changed })}\n`, times }],
}
const calls = 6

type Server = { readonly upstream: Upstream; seen(): readonly Rpc[]; stop(): Promise<void> }
const ways: Readonly<Record<string, (script: Script) => Promise<Server>>> = {
  'over HTTP': async script => {
    const server = await scriptedHttp(script)
    return { upstream: { url: server.url }, seen: server.seen, stop: () => server.stop() }
  },
  'over stdio': async script => {
    const server = scripted(script)
    const stop = async () => server[Symbol.dispose]()
    return { upstream: { command: server.command, write: [server.folder] }, seen: server.seen, stop }
  },
}

for (const way of Object.keys(ways))
  for (const era of ['legacy', 'modern'] as const)
    test(
      `a server ${way} (${era}) that says again and again that its list changed is not asked again and again, and starves nobody`,
      {
        timeout: 120_000,
      },
      () => flooded(way, era),
    )

async function flooded(way: string, era: Era): Promise<void> {
  const open = ways[way] ?? assert.fail()
  const flood = flooding[way] ?? []
  const result = { tools: [tool('add')], ...(era === 'modern' ? { resultType: 'complete' } : {}) }
  const noisy = await open({
    tools: [[tool('add')]],
    methods: { 'tools/list': [[...flood, { result }]] },
    calls: { add: [[...flood, { text: 'added' }]] },
    eras: [era],
    stream: true,
  })
  const quiet = await open({ tools: [[tool('add')]], eras: [era] })
  const servers = { noisy: configured(noisy.upstream), quiet: configured(quiet.upstream) }
  const gateway = await startGateway({ config: { version: 1, servers } })
  const talker = httpTalker(gateway.url, era, { answer: () => ({}), token: gateway.token })
  try {
    await greet(talker)
    await toolNames(talker)
    const beganMs = Date.now()
    let answered = 0
    for (let i = 0; i < calls; i++) {
      const [, honest] = await Promise.all([callTool(talker, 'noisy__add'), callTool(talker, 'quiet__add')])
      if (!honest.isRefused) answered++
    }
    const seconds = (Date.now() - beganMs) / 1000
    const lists = noisy.seen().filter(({ received }) => (received as Rpc | undefined)?.['method'] === 'tools/list')
    assert.equal(answered, calls, 'every call of the other server passed')
    assert.ok(lists.length > 0)
    // At the start, for the client, five at once, and then once for each time in which nobody is asked twice.
    assert.ok(lists.length <= 9 + seconds / 3, `${lists.length} lists in ${seconds} s`)
    assert.deepEqual(
      (await toolNames(talker)).filter(name => name.endsWith('__add')),
      ['noisy__add', 'quiet__add'],
    )
  } finally {
    await talker.close()
    await gateway.stop()
    await noisy.stop()
    await quiet.stop()
  }
}
