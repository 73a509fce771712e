import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import { realPathOf } from '../sandbox/real-path.ts'
import { stageFolder } from '../sandbox/staging.ts'

/** A server with a staged folder; `at` is a path of its copy. */
function scene(files: Readonly<Record<string, string>>) {
  const inProject = Object.fromEntries(Object.entries(files).map(([name, text]) => [`project/${name}`, text]))
  const folder = layOut({ 'server.js': '', 'project/': '', ...inProject })
  const permissions = { files: { read: ['./server.js'], write: ['./project'], staging: true } }
  const files_ = { command: [process.execPath, './server.js'], why: 'a test', permissions }
  writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify({ version: 1, servers: { files: files_ } }))
  const original = realPathOf(join(folder, 'project'))!
  const staged = stageFolder({ path: original, from: original }, join(folder, 'state', 'sallyport', 'staging', 'files'))
  assert.ok(staged.ok)
  const { copy } = staged.stage
  const review = (...words: string[]) =>
    command(['sandbox', 'review', 'files', ...words, '--config', 'sallyport.yaml'], { folder })
  return { review, at: (path: string) => join(copy, path), of: (path: string) => join(original, path) }
}

test('review shows what waits, ends with 1 while it does, and applies and takes back what is named', {
  ...proves('P.staging'),
}, async () => {
  const { review, at, of } = scene({ 'notes.txt': 'one\n', 'old.txt': 'old' })
  writeFileSync(at('notes.txt'), 'two\n')
  rmSync(at('old.txt'))
  const shown = await review()
  assert.equal(shown.code, 1, shown.err)
  assert.match(shown.out, /^changed notes\.txt@[0-9a-f]{12} \(4 bytes\)[\s\S]*- one[\s\S]*\+ two/u)
  const [name = ''] = /notes\.txt@[0-9a-f]{12}/u.exec(shown.out) ?? []
  assert.ok(shown.err.includes(`--apply ${name}`), 'the line to type is there')
  assert.equal(readFileSync(of('notes.txt'), 'utf8'), 'one\n', 'looking changes nothing')
  const applied = await review('--apply', name)
  assert.equal(applied.code, 1, 'the other one still waits')
  assert.equal(readFileSync(of('notes.txt'), 'utf8'), 'two\n')
  assert.ok(existsSync(of('old.txt')))
  assert.ok(applied.err.includes(`--undo ${name}`))
  const back = await review('--undo', name)
  assert.equal(back.code, 0, back.err)
  assert.equal(readFileSync(of('notes.txt'), 'utf8'), 'one\n')
  assert.equal((await review('--undo', name)).code, 2, 'only once')
})

test('what the server writes between the look and the yes is not applied', async () => {
  const { review, at, of } = scene({ 'notes.txt': 'one\n' })
  writeFileSync(at('notes.txt'), 'harmless\n')
  const [name = '', all = ''] = /notes\.txt@[0-9a-f]{12}/u.exec((await review()).out) ?? []
  writeFileSync(at('notes.txt'), 'harmful\n')
  for (const word of [name, 'notes.txt', 'all', 'other.txt', all || 'all@000000000000']) {
    const { code, err } = await review('--apply', word)
    assert.equal(code, 2, word)
    assert.match(err, /not what waits now|no change waits/u)
  }
  assert.equal(readFileSync(of('notes.txt'), 'utf8'), 'one\n')
})

test('all that is plain can be applied together, and never what other programs run or a person changed too', async () => {
  const { review, at, of } = scene({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c', '.git/hooks/x': '' })
  for (const name of ['a.txt', 'b.txt', 'c.txt', '.git/hooks/pre-commit', '.mcp.json'])
    writeFileSync(at(name), 'server')
  writeFileSync(of('c.txt'), 'person, longer')
  symlinkSync('/etc/passwd', at('planted'))
  const shown = await review('--json')
  assert.equal(shown.code, 3, 'something can never be applied')
  const { all, changes, rejects } = JSON.parse(shown.out)
  assert.deepEqual(rejects, [{ path: 'planted', why: 'is a link' }])
  assert.deepEqual(
    changes.map((change: { path: string; hasConflict: boolean; isProtected: boolean }) => [
      ...[change.path, change.hasConflict, change.isProtected],
    ]),
    [
      ['.git/hooks/pre-commit', false, true],
      ['.mcp.json', false, true],
      ['a.txt', false, false],
      ['b.txt', false, false],
      ['c.txt', true, false],
    ],
  )
  const applied = await review('--apply', all)
  assert.equal(applied.code, 1, applied.err)
  assert.deepEqual(
    ['a.txt', 'b.txt', 'c.txt'].map(name => readFileSync(of(name), 'utf8')),
    ['server', 'server', 'person, longer'],
  )
  assert.ok(!existsSync(of('.mcp.json')) && !existsSync(of('.git/hooks/pre-commit')) && !existsSync(of('planted')))
  const conflict = changes.find((change: { path: string }) => change.path === 'c.txt').name
  assert.equal((await review('--apply', conflict)).code, 1, 'named by itself, it is the person who decides')
  assert.equal(readFileSync(of('c.txt'), 'utf8'), 'server')
})

test('a name of a file cannot end the line that a person pastes, nor drive the terminal', async () => {
  const { review, at } = scene({ 'a.txt': 'a' })
  writeFileSync(at("x'; touch pwned; '"), 'x')
  writeFileSync(at('y$(touch pwned)\u001b[2J'), 'y\u001b[2J')
  const { out, err } = await review()
  assert.ok(out.includes("'x'\\''; touch pwned; '\\''@"), out)
  assert.match(out, /'y\$\(touch pwned\)\\u\{1b\}\[2J@/u)
  assert.doesNotMatch(out + err, /\u001b/u)
})
