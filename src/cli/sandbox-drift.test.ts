import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

test('a server whose document cannot be read is not started, and the line is named', async () => {
  const folder = layOut({ 'server.js': '' })
  const server = {
    command: [process.execPath, './server.js'],
    why: 'a test',
    permissions: { files: { read: ['/etc'] } },
  }
  writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify({ version: 1, servers: { files: server } }))
  const { code, err } = await command(['sandbox', 'drift', 'files', '-c', 'sallyport.yaml'], { folder })
  assert.equal(code, 2)
  assert.match(err, /files\.read/u)
})
