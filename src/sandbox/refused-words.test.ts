import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { refusalsSaid, type Speaker } from './refused-words.ts'

const reading: Speaker = { cwd: '/proj', isChanging: false }
const said = (text: string, speaker = reading) => refusalsSaid(text, speaker).map(({ want, what }) => `${want} ${what}`)

test('what Node, Python, Go and shells say when something was refused is read as what they wanted', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["Error: ENOENT: no such file or directory, open '/data/a b.txt'", 'read /data/a b.txt'],
    ["EACCES: permission denied, scandir '/data'", 'read /data'],
    ["EROFS: read-only file system, open '/data/x'", 'write /data/x'],
    ["ENOENT: no such file or directory, mkdir '/data/new'", 'write /data/new'],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'notes/today.md'", 'read /proj/notes/today.md'],
    ["OSError: [Errno 30] Read-only file system: '/data/x.tmp'", 'write /data/x.tmp'],
    ['open /data/config.json: no such file or directory', 'read /data/config.json'],
    ['cat: /data/x: Permission denied', 'read /data/x'],
    ['/usr/bin/cat: /data/x: No such file or directory', 'read /data/x'],
    ['sh: 1: /usr/bin/rg: Permission denied', 'read /usr/bin/rg'],
    ['mkdir: cannot create directory ‘/data/a b’: Read-only file system', 'write /data/a b'],
    ["Error: Cannot find module '/opt/lib/index.js'", 'read /opt/lib/index.js'],
    ['Error: spawn git ENOENT', 'start git'],
    ['spawnSync /usr/bin/rg EACCES', 'start /usr/bin/rg'],
    ['sh: 1: pandoc: not found', 'start pandoc'],
    ['bash: line 3: pdftotext: command not found', 'start pdftotext'],
  ]
  for (const [text, wanted] of cases) assert.deepEqual(said(text), [wanted], text)
  const renamed = "EROFS: read-only file system, rename '/data/a' -> '/data/b'"
  assert.deepEqual(said(renamed), ['write /data/a', 'write /data/b'])
  assert.deepEqual(said("ENOENT: …, open '/data/x'", { ...reading, isChanging: true }), ['write /data/x'])
})

test('what the interpreters of this machine really say is read too', () => {
  const script = "try { require('fs').readFileSync('/nonexistent/a.txt') } catch (e) { console.log(String(e)) }"
  assert.deepEqual(said(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })), [
    'read /nonexistent/a.txt',
  ])
  const shell = spawnSync('/bin/sh', ['-c', 'cat /nonexistent/a.txt; sallyport-no-such-program'], { encoding: 'utf8' })
  assert.deepEqual(said(shell.stderr), ['read /nonexistent/a.txt', 'start sallyport-no-such-program'])
  if (!existsSync('/usr/bin/python3')) return
  const python = spawnSync('/usr/bin/python3', ['-c', 'open("/nonexistent/a.txt")'], { encoding: 'utf8' })
  assert.deepEqual(said(python.stderr), ['read /nonexistent/a.txt'])
})

test('a name without a folder is told apart from a path, because only that can mean a program', () => {
  const isBare = (text: string) => refusalsSaid(text, reading).map(one => one.isBare === true)
  assert.deepEqual(isBare("FileNotFoundError: [Errno 2] No such file or directory: 'git'"), [true])
  assert.deepEqual(isBare("FileNotFoundError: [Errno 2] No such file or directory: './git'"), [false])
  assert.deepEqual(isBare('cat: /data/git: No such file or directory'), [false])
})

test('other errors, and paths in sentences about something else, are no refusals', () => {
  for (const text of ['', 'timeout reading /data/x', "Unexpected token in '/data/x'", 'see https://example/not/found'])
    assert.deepEqual(said(text), [], text)
})

test('a long list of refusals is read only so far, each once, and no word of it breaks a line', () => {
  const many = Array.from({ length: 100 }, (_, i) => `ENOENT: no such file, open '/data/${i}'`).join('\n')
  assert.equal(said(many).length, 8)
  assert.deepEqual(said(`${"ENOENT, open '/a'\n".repeat(3)}`), ['read /a'])
  assert.deepEqual(said(`ENOENT, open '/data/\u202egnp.sh'`), [])
})

test('whatever a server says, what is read out is absolute or a bare name, short, and said in time', () => {
  const word = fc.constantFrom('ENOENT', "'", '"', '/a', ' ', ':', '\n', 'not found', '..', 'spawn ', 'EROFS', '(')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 400 }), words => {
      for (const { want, what } of refusalsSaid(words.join(''), reading)) {
        assert.ok(what.length <= 2048 && !what.includes('\n'))
        if (want !== 'start') assert.ok(what.startsWith('/') && !what.split('/').includes('..'))
      }
    }),
  )
  const started = process.cpuUsage()
  refusalsSaid(`ENOENT ${"'".repeat(1_000_000)}`, reading)
  refusalsSaid(`ENOENT ${'/a '.repeat(400_000)}`, reading)
  assert.ok(process.cpuUsage(started).user < 200_000, 'a million characters cost next to nothing')
})

test('the words it was taken from are kept, cut to a line', () => {
  const [first] = refusalsSaid(`  ENOENT: open '/x' ${'y'.repeat(900)}`, reading)
  assert.equal(first?.words.length, 200)
})
