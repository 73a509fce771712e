import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { loadConfig } from '../config/load.ts'
import { guards } from '../guards/index.ts'
import { permissionProblems } from './permission-problems.ts'

async function problemsOf(text: string) {
  const file = join(layOut({ 'sallyport.yaml': text }), 'sallyport.yaml')
  const loaded = await loadConfig([{ path: file, layer: 'user' }], guards)
  assert.ok(loaded.ok)
  return permissionProblems(loaded.config).map(({ line, column, at, text }) => `${line}:${column} ${at} ${text}`)
}

test('each value that the sandbox would refuse is named with its line, and nothing of a server that needs none', async () => {
  const found = await problemsOf(`version: 1
servers:
  far: { url: "https://mcp.example.com/mcp" }
  near:
    command: [x]
    permissions:
      net: { hosts: ["api.example.com:443", "no:port:here"] }
  odd: { command: [x], permissions: { files: { raed: [.] } } }
  fine: { command: [x], permissions: { files: { read: [.] } } }
`)
  assert.equal(found.length, 2)
  assert.match(found.join('\n'), /^7:\d+ servers\.near\.permissions\.net\.hosts\[1\] .*name:port/mu)
  assert.match(found.join('\n'), /^8:\d+ servers\.odd\.permissions\.files.*raed/mu)
})
