/** Plays a real client through the gateway and prints what each side saw. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const quietMs = 300
const state = mkdtempSync(join(tmpdir(), 'sallyport-demo-'))
const words = [
  join(here, '../../src/cli/main.ts'),
  'start',
  '--config',
  join(here, 'demo.yaml'),
  '--port',
  '0',
  '--json',
]
const gateway = spawn(process.execPath, words, {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, SALLYPORT_STATE: state },
})
const lines = createInterface({ input: gateway.stdout })
const decisions: string[] = []
const ready = Promise.withResolvers<{ url: string; token: string }>()
lines.on('line', line =>
  decisions.length === 0 && line.startsWith('{"url"') ? ready.resolve(JSON.parse(line)) : decisions.push(line),
)
gateway.on('exit', code => ready.reject(new Error(`the gateway ended with ${code}`)))

const { url, token } = await ready.promise
const client = new Client({ name: 'demo', version: '1.0.0' })
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
)
const { tools } = await client.listTools()
say(`connected to ${url}: ${tools.length} tools of two servers`)

const steps: readonly [title: string, tool: string, args: Record<string, unknown>][] = [
  ['an allowed read', 'files__read_text_file', { path: join(here, 'project/notes.md') }],
  ['a refused write', 'files__write_file', { path: join(here, 'project/new.txt'), content: 'x' }],
  ['a refused path outside', 'files__read_text_file', { path: '/etc/passwd' }],
  ['an oversized answer', 'files__read_text_file', { path: join(here, 'project/big.txt') }],
  ['a call that runs out of time', 'everything__trigger-long-running-operation', { duration: 20, steps: 2 }],
]
await quiet()
for (const [title, tool, args] of steps) {
  decisions.length = 0
  say(`\n── ${title}`)
  say(`   the client calls   ${tool} ${JSON.stringify(args)}`)
  const result = await client.callTool({ name: tool, arguments: args })
  await quiet()
  for (const line of decisions) say(`   the gateway says   ${told(line)}`)
  say(`   the client sees    ${result.isError === true ? 'error: ' : ''}${textOf(result)}`)
}
await client.close()
gateway.removeAllListeners('exit')
gateway.kill('SIGTERM')
await new Promise(resolve => gateway.once('exit', resolve))
rmSync(state, { recursive: true, force: true })

/** Decisions come by another way than answers, and may be later: waits until no more of them come. */
async function quiet(): Promise<void> {
  for (let seen = -1; seen !== decisions.length; ) {
    seen = decisions.length
    await sleep(quietMs)
  }
}

function told(line: string): string {
  const { verdict, subject, kind, rules } = JSON.parse(line)
  return `${verdict}: ${subject ?? kind}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`
}

function textOf({ content }: Record<string, unknown>): string {
  const texts = Array.isArray(content) ? content.map(item => String(item.text ?? item.type)) : []
  const all = texts.join(' ').replaceAll(/\s+/gu, ' ')
  return all.length > 320 ? `${all.slice(0, 120)} … ${all.slice(-180)} (${all.length} characters)` : all
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
