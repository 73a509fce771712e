import assert from 'node:assert/strict'
import test from 'node:test'
import { startGateway } from '../fixtures/gateway.ts'
import { callTool, toolNames } from '../fixtures/pulled.ts'
import { scriptedHttp } from '../fixtures/running.ts'
import type { Act, Rpc } from '../fixtures/scripted-acts.ts'
import { httpTalker } from '../plays/http-talker.ts'
import { greet } from '../plays/talker.ts'

const tool = (name: string): Rpc => ({ name, description: 'Adds two numbers.', inputSchema: { type: 'object' } })
const changed: Act = { notify: 'notifications/tools/list_changed' }
const flood = (count: number): Act[] => Array.from({ length: count }, () => changed)
const calls = 30

test('a server that says again and again that its list changed is not asked again and again, and starves nobody', {
  timeout: 120_000,
}, async () => {
  const result = { tools: [tool('add')] }
  const noisy = await scriptedHttp({
    methods: { 'tools/list': [[...flood(300), { result }]] },
    calls: { add: [[...flood(300), { text: 'added' }]] },
    stream: true,
  })
  const quiet = await scriptedHttp({ tools: [[tool('add')]] })
  const servers = { noisy: { url: noisy.url, why: 'a test' }, quiet: { url: quiet.url, why: 'a test' } }
  const gateway = await startGateway({ config: { version: 1, servers } })
  const talker = httpTalker(gateway.url, 'legacy', { answer: () => ({}), token: gateway.token })
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
    // At the start, for the client, and then once for each time in which nobody is asked twice.
    assert.ok(lists.length <= 4 + seconds / 3, `${lists.length} lists in ${seconds} s`)
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
})
