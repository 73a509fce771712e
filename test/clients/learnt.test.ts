import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { skip } from '../attacks/sandbox/play.ts'
import { command } from '../fixtures/command.ts'
import { proves } from '../guide/proves.ts'
import { temporaryFolder } from '../temporary.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const entry = (name: string) =>
  join(root, 'node_modules', '@modelcontextprotocol', `server-${name}`, 'dist', 'index.js')
const missing = ['strace', 'nft'].filter(name => !['/usr/bin', '/usr/sbin'].some(at => existsSync(join(at, name))))

type Taught = {
  readonly name: string
  lay(folder: string): {
    readonly args: readonly string[]
    readonly env?: Readonly<Record<string, string>>
    readonly calls: readonly { readonly tool: string; readonly arguments: object }[]
  }
  /** What the last answer holds when the server works. */
  readonly works: RegExp
}

const servers: readonly Taught[] = [
  {
    name: 'filesystem',
    lay(folder) {
      const docs = join(folder, 'docs')
      mkdirSync(docs)
      writeFileSync(join(docs, 'a.txt'), 'the text of a')
      const args = { path: join(docs, 'a.txt') }
      return { args: [docs], calls: [{ tool: 'read_text_file', arguments: args }] }
    },
    works: /the text of a/u,
  },
  {
    name: 'memory',
    lay(folder) {
      mkdirSync(join(folder, 'notes'))
      const entities = [{ name: 'ann', entityType: 'person', observations: ['likes tea'] }]
      const calls = [
        { tool: 'create_entities', arguments: { entities } },
        { tool: 'read_graph', arguments: {} },
      ]
      return { args: [], env: { MEMORY_FILE_PATH: join(folder, 'notes', 'memory.jsonl') }, calls }
    },
    works: /likes tea/u,
  },
  {
    name: 'everything',
    lay: () => ({ args: [], calls: [{ tool: 'echo', arguments: { message: 'heard' } }] }),
    works: /heard/u,
  },
  {
    name: 'sequential-thinking',
    lay() {
      const thought = { thought: 'one', thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false }
      return { args: [], calls: [{ tool: 'sequentialthinking', arguments: thought }] }
    },
    works: /thoughtNumber/u,
  },
]

for (const { name, lay, works } of servers)
  test(`what is learnt of the official ${name} server is enough for it, and nothing of it drifts`, {
    skip: skip || (missing.length === 0 ? false : `missing: ${missing.join(', ')}`),
    timeout: 110_000,
    ...proves('E.attest', 'T3.least'),
  }, async () => {
    const folder = temporaryFolder()
    const { args, env = {}, calls } = lay(folder)
    const words = [process.execPath, entry(name), ...args]
    writeFileSync(join(folder, 'calls.jsonl'), calls.map(call => JSON.stringify(call)).join('\n'))
    const given = Object.keys(env).flatMap(variable => ['--env', variable])
    const learn = ['sandbox', 'learn', ...given, '--calls', 'calls.jsonl', '-o', 'learnt.yaml', '--', ...words]
    const learnt = await command(learn, { folder, env })
    assert.equal(learnt.code, 0, learnt.err)
    const { command: _, ...permissions } = parse(readFileSync(join(folder, 'learnt.yaml'), 'utf8'))
    assert.deepEqual([permissions.net, permissions.children], ['none', 'none'])
    const configured = { [name]: { command: words, why: 'a test', env, permissions } }
    writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify({ version: 1, preset: 'watch', servers: configured }))
    const config = ['-c', 'sallyport.yaml']
    const { out, err } = await command(['stdio', ...config], { folder, input: said(calls) })
    assert.match(out.trimEnd().split('\n').at(-1) ?? '', works, `${out}${err}`)
    const drift = await command(['sandbox', 'drift', name, '--calls', 'calls.jsonl', ...config], { folder })
    assert.deepEqual([drift.code, drift.out], [0, ''], drift.err)
  })

function said(calls: readonly { readonly tool: string; readonly arguments: object }[]): string {
  const clientInfo = { name: 'a test', version: '1' }
  const messages = [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
    ...calls.map(({ tool, arguments: args }, i) => {
      return { id: 3 + i, method: 'tools/call', params: { name: tool, arguments: args } }
    }),
  ]
  return messages.map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('')
}
