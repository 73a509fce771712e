import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { nameOf } from './exec.ts'

test('a server is called after its package, not after the runner that starts it', () => {
  assert.equal(nameOf('npx', ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/x']), 'filesystem')
  assert.equal(nameOf('/usr/bin/node', ['/opt/weather/server.js']), 'server')
  assert.equal(nameOf('uvx', ['mcp-server-git']), 'git')
  assert.equal(nameOf('/opt/bin/my tool', []), 'my-tool')
})

test('a value in the place of the name of a variable is refused without being repeated', async () => {
  const { code, err } = await command(['exec', '--env', 'TOKEN=hunter2', '--', 'x'], { folder: layOut({}) })
  assert.equal(code, 2)
  assert.match(err, /--env takes the name/u)
  assert.doesNotMatch(err, /hunter2/u)
})
