import assert from 'node:assert/strict'
import test from 'node:test'
import { nameOf } from './exec.ts'

test('a server is called after its package, not after the runner that starts it', () => {
  assert.equal(nameOf('npx', ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/x']), 'filesystem')
  assert.equal(nameOf('/usr/bin/node', ['/opt/weather/server.js']), 'server')
  assert.equal(nameOf('uvx', ['mcp-server-git']), 'git')
  assert.equal(nameOf('/opt/bin/my tool', []), 'my-tool')
})
