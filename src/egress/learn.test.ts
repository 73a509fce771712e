import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { learn } from './learn.ts'
import { smallestDocument } from './smallest-document.ts'

const skip = existsSync('/usr/bin/strace') ? false : 'strace is not here'

test('a real server is run once, and its files, dials and children become a document', { skip }, async t => {
  const folder = mkdtempSync('/var/tmp/sallyport-learn-')
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'notes.txt'), 'hello')
  const door = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  t.after(() => door.close())
  await new Promise(resolve => door.once('listening', resolve))
  const address = door.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const code = `
    const fs = require('node:fs'), net = require('node:net'), cp = require('node:child_process')
    process.stdin.on('data', () => {
      fs.readFileSync('notes.txt')
      fs.writeFileSync('out.txt', 'x')
      try { fs.readFileSync('/nonexistent/secret') } catch {}
      cp.execFileSync('/usr/bin/true')
      net.connect(${port}, '127.0.0.1').on('close', () => console.log('done')).resume()
    })
    process.stdin.on('end', () => process.exit())`
  const command = [process.execPath, '-e', code]
  const seen = await learn({
    command,
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    exercise: async ({ stdin, stdout }) => {
      const answered = new Promise<void>(resolve =>
        stdout.on('data', bytes => String(bytes).includes('done') && resolve()),
      )
      stdin.write('go\n')
      await answered
    },
    timeoutMs: 20_000,
  })
  assert.ok(seen.reads.has(join(folder, 'notes.txt')))
  assert.ok(seen.writes.has(join(folder, 'out.txt')))
  assert.ok(seen.hosts.has(`127.0.0.1:${port}`))
  assert.deepEqual([...seen.children.keys()], ['/usr/bin/true'])
  assert.ok(![...seen.reads.keys()].some(path => path.startsWith('/nonexistent')))
  const { document, leftOut } = smallestDocument(seen, { command, home: '/nonexistent', code: [process.execPath] })
  assert.deepEqual(document.files.write, [folder])
  assert.deepEqual(document.children, ['true'])
  assert.deepEqual(
    leftOut.map(({ value }) => value),
    [`127.0.0.1:${port}`],
  )
})
