import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { bytesMax } from './document.ts'
import { readConfigFile } from './file.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-file-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function refused(path: string, layer: 'organisation' | 'user' | 'project'): Promise<string> {
  const read = await readConfigFile(path, layer)
  return read.ok ? 'read' : read.text
}

test('an ordinary file is read with the name of its content', async () => {
  using it = folder()
  const path = join(it.path, 'a.yaml')
  writeFileSync(path, 'version: 1\n')
  const read = await readConfigFile(path, 'user')
  assert.ok(read.ok)
  assert.equal(read.text, 'version: 1\n')
  assert.match(read.sha256, /^[0-9a-f]{64}$/u)
})

test('devices, pipes, folders, floods and other bytes than text are refused without waiting', async () => {
  using it = folder()
  const inside = (name: string) => join(it.path, name)
  execFileSync('mkfifo', [inside('pipe')])
  mkdirSync(inside('folder'))
  writeFileSync(inside('flood'), 'x'.repeat(bytesMax + 1))
  writeFileSync(inside('bytes'), Buffer.from([0x61, 0xff]))
  assert.equal(await refused('/dev/zero', 'user'), 'is not a file')
  assert.equal(await refused(inside('pipe'), 'project'), 'is not a file')
  assert.match(await refused(inside('folder'), 'user'), /not a file|a folder/u)
  assert.match(await refused(inside('flood'), 'user'), /larger than 128 KiB/u)
  assert.equal(await refused(inside('bytes'), 'user'), 'is not UTF-8 text')
  assert.equal(await refused(inside('nothing'), 'user'), 'does not exist')
})

test('a file that everybody can write is nobody’s word', async () => {
  using it = folder()
  const path = join(it.path, 'a.yaml')
  writeFileSync(path, 'version: 1\n')
  chmodSync(path, 0o666)
  assert.match(await refused(path, 'user'), /written by everybody; run: chmod o-w/u)
  assert.match(await refused(path, 'organisation'), /written by everybody/u)
  assert.equal(await refused(path, 'project'), 'read')
})

test('a file of another user is not believed', {
  skip: process.getuid?.() !== 0 && 'needs root to give a file away',
}, async () => {
  using it = folder()
  const path = join(it.path, 'a.yaml')
  writeFileSync(path, 'version: 1\n')
  chownSync(path, 65_534, 65_534)
  assert.match(await refused(path, 'user'), /belongs to another user \(uid 65534\)/u)
})

test('a project may not point elsewhere, a person’s own file may be a link', async () => {
  using it = folder()
  writeFileSync(join(it.path, 'real'), 'version: 1\n')
  symlinkSync(join(it.path, 'real'), join(it.path, 'link'))
  assert.match(await refused(join(it.path, 'link'), 'project'), /symbolic link/u)
  assert.equal(await refused(join(it.path, 'link'), 'user'), 'read')
})
