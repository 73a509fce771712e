import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const clock = 'mcp-server-time@2026.10.19'
const words = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
  { id: 3, method: 'tools/call', params: { name: 'get_current_time', arguments: { timezone: 'Asia/Tokyo' } } },
].map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

test('a real server of PyPI is stored, answers from the sandbox without a network, and is refused once tampered with', {
  timeout: 400_000,
}, async t => {
  const state = mkdtempSync(join(tmpdir(), 'server-add-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  const run = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
      ...{ env: { ...process.env, SALLYPORT_STATE: state }, input, encoding: 'utf8', timeout: 300_000 },
    })
  const added = run(['server', 'add', 'clock', clock, '--pypi', '--why', 'tells the time', '--owner', 'me', '--json'])
  if (added.status === 2 && /no Python|pip|index|in time/u.test(added.stderr))
    return t.skip(`skipped: ${added.stderr.trim()}`)
  const { archives, python, folder, advisories } = JSON.parse(added.stdout)
  assert.ok(Object.keys(archives).length > 3 && /^3\./u.test(python.version))
  assert.equal(advisories.state, 'unknown')
  const said = await talk(state, ['exec', '--', 'uvx', clock, '--local-timezone', 'Europe/Berlin'])
  if (/no sandbox for/u.test(said)) return t.skip('skipped: no sandbox here')
  assert.match(said, /Asia\/Tokyo/u)
  appendFileSync(join(state, 'packages', folder, 'site/mcp_server_time/server.py'), '#')
  const refused = run(['exec', '--', 'uvx', clock], words[0])
  assert.match(refused.stdout + refused.stderr, /mcp_server_time\/server\.py was changed/u)
})

const answerMs = 120_000

/** Speaks to a server until it answered the call; its input stays open, since a server may end at the end of it. */
async function talk(state: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, SALLYPORT_STATE: state }
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env, stdio: 'pipe' })
  child.stdin.write(words.join(''))
  let said = ''
  const late = setTimeout(() => child.kill('SIGKILL'), answerMs)
  const hear = (text: unknown) => {
    said += String(text)
    if (/Asia\/Tokyo|no sandbox for/u.test(said)) child.stdin.end()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  await new Promise(resolve => child.on('close', resolve))
  clearTimeout(late)
  return said
}
