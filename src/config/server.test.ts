import assert from 'node:assert/strict'
import test from 'node:test'
import type { WrittenServer } from './schema.ts'
import { type ServerResult, serverOf } from './server.ts'

const from = { layer: 'user', path: '/home/me/proj/sallyport.yaml', written: { version: 1 } } as const

function made(written: WrittenServer): ServerResult {
  return serverOf('files', { ...written, from })
}

function refused(written: WrittenServer): string[] {
  const result = made(written)
  return result.ok ? [] : result.problems.map(({ path, text }) => `${path.join('.')}: ${text}`)
}

test('paths are absolute from the file’s folder, and a bare program name stays one', () => {
  const local = made({ command: ['./bin/server', './project'], cwd: 'sub' })
  assert.ok(local.ok && local.server.connect.kind === 'command')
  assert.deepEqual(local.server.connect.command, ['/home/me/proj/bin/server', './project'])
  assert.equal(local.server.connect.cwd, '/home/me/proj/sub')
  const bare = made({ command: ['npx', '-y', 'x'] })
  assert.ok(bare.ok && bare.server.connect.kind === 'command')
  assert.equal(bare.server.connect.command[0], 'npx')
  assert.equal(bare.server.connect.cwd, '/home/me/proj')
})

test('what was not said takes its default, and what was said is kept', () => {
  const result = made({ command: ['x'], tools: { allow: ['read_*'] }, effects: { rm: ['destroy'] }, writers: 'anyone' })
  assert.ok(result.ok)
  assert.deepEqual(result.server.traits, { writers: 'anyone', allow: ['read_*'] })
  assert.equal(result.server.settings.idleMs, 600_000)
  assert.deepEqual(result.server.effects.get('rm'), ['destroy'])
})

test('a secret stays a reference until it is used, and one in the file is never shown', () => {
  const result = made({ command: ['x'], env: { A: '${keyring:files/api}', B: 'hunter2' } })
  assert.ok(result.ok && result.server.connect.kind === 'command')
  const { env } = result.server.connect
  assert.deepEqual(env.get('A')?.references, ['keyring:files/api'])
  assert.ok(!JSON.stringify([...env]).includes('hunter2'))
})

test('a server is either a program or an address, with what belongs to it', () => {
  assert.match(refused({})[0] ?? '', /needs either command .* or url/u)
  assert.match(refused({ command: ['x'], url: 'https://example.com' })[0] ?? '', /needs either/u)
  assert.match(refused({ command: ['x'], headers: { A: 'b' } })[0] ?? '', /^servers\.files\.headers: belongs to a url/u)
  assert.match(refused({ url: 'https://example.com', env: { A: 'b' } })[0] ?? '', /^servers\.files\.env: belongs to a/u)
})

test('secrets where others can read them are refused: arguments and addresses', () => {
  assert.match(refused({ command: ['x', '--token=${TOKEN}'] })[0] ?? '', /command\.1: .*every process/u)
  assert.match(refused({ url: 'https://me:pw@example.com/mcp' })[0] ?? '', /holds a user or password/u)
  assert.match(refused({ url: 'https://example.com', headers: { A: 'x\r\nB: y' } })[0] ?? '', /line break/u)
  for (const name of ['Host', 'transfer-encoding', 'Mcp-Session-Id', 'Content-Length'])
    assert.match(
      refused({ url: 'https://example.com', headers: { [name]: 'x' } })[0] ?? '',
      /set by the gateway itself/u,
    )
  assert.match(refused({ command: ['x\0y'] })[0] ?? '', /NUL/u)
})
