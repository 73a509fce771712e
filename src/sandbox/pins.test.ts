import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { isProtected, pinsOf, placeCovers, protectedLinks, removeCovers, removeUnused } from './pins.ts'
import { realPathOf } from './real-path.ts'

const real = (path: string) => realPathOf(path)!

const writing = (folder: string, path = folder) => ({ code: [], read: [], write: [{ path, from: real(folder) }] })
const shown = (root: string, mounts: Parameters<typeof pinsOf>[0]) =>
  pinsOf(mounts).map(({ path, how }) => `${how} ${path.startsWith(root) ? path.slice(root.length) : path}`)

test('protected names are kept, and the folders on the way to them held, outer before inner', () => {
  const root = layOut({
    '.git/hooks/': '',
    '.vscode/x': '',
    'a/sub/.git/': '',
    'module/.git': 'gitdir: x',
    'src/a': '',
  })
  const pins = shown(root, writing(root))
  assert.deepEqual(pins.toSorted(), [
    'hold /a',
    'hold /a/sub',
    'hold /module',
    'keep /.git',
    'keep /.vscode',
    'keep /a/sub/.git',
    'keep /module/.git',
  ])
  assert.ok(pins.indexOf('hold /a') < pins.indexOf('hold /a/sub'))
  assert.ok(pins.indexOf('hold /a/sub') < pins.indexOf('keep /a/sub/.git'))
})

test('a folder that has two names inside is pinned under both', () => {
  const root = layOut({ '.git/': '', 'sub/.git/': '' })
  const pins = pinsOf({ ...writing(root), write: [...writing(root).write, ...writing(root, '/home/ann/link').write] })
  for (const path of ['/home/ann/link/.git', '/home/ann/link/sub', '/home/ann/link/sub/.git', join(root, '.git')])
    assert.ok(
      pins.some(pin => pin.path === path),
      path,
    )
  assert.equal(pins.find(({ path }) => path === '/home/ann/link/sub/.git')?.from, join(root, 'sub/.git'))
})

test('what is for reading only stays in its place inside a writable folder, and is never opened by a hold', () => {
  const root = layOut({ 'a/b/conf/x/.git/': '', 'a/b/conf/y': '' })
  const conf = join(root, 'a/b/conf')
  const pins = shown(root, { ...writing(root), read: [{ path: conf, from: real(conf) }] })
  assert.deepEqual(pins, ['hold /a', 'hold /a/b'])
  const deeper = layOut({ 'open/sub/.git/': '' })
  const read = [{ path: deeper, from: real(deeper) }]
  assert.deepEqual(shown(deeper, { ...writing(join(deeper, 'open')), read }), ['hold /open/sub', 'keep /open/sub/.git'])
})

test('a protected name that is a link is reported, since a link can be replaced', () => {
  const root = layOut({ 'shared/': '', '.vscode': '→ shared', '.git/': '' })
  assert.deepEqual(protectedLinks(real(root)), [join(root, '.vscode')])
  assert.deepEqual(protectedLinks(real(layOut({ '.vscode/': '' }))), [])
})

test('covers stand for absent names while a server runs, and nothing of a person is ever taken away', () => {
  const root = layOut({ '.mcp.json': '{"mine":1}' })
  const covers = placeCovers(real(root))
  assert.ok(existsSync(join(root, '.vscode')) && existsSync(join(root, '.git')))
  assert.ok(!covers.some(({ path }) => path.endsWith('.mcp.json')), 'what is there needs no cover')
  writeFileSync(join(root, '.vscode', 'settings.json'), '{}')
  removeCovers(covers)
  assert.ok(existsSync(join(root, '.vscode', 'settings.json')), 'a folder that was filled meanwhile stays')
  assert.ok(!existsSync(join(root, '.cursor')) && !existsSync(join(root, '.git')))
  assert.equal(readFileSync(join(root, '.mcp.json'), 'utf8'), '{"mine":1}')
})

test('covers that a killed gateway left behind are taken over by the next start', () => {
  const root = layOut({ 'a/': '' })
  const killed = `import('${new URL('pins.ts', import.meta.url).href}').then(({ placeCovers }) => placeCovers('${real(root)}'))`
  assert.equal(spawnSync(process.execPath, ['--no-warnings', '-e', killed]).status, 0)
  assert.ok(existsSync(join(root, '.mcp.json')))
  const again = placeCovers(real(root))
  assert.ok(again.length > 3)
  removeCovers(again)
  assert.ok(!existsSync(join(root, '.mcp.json')) && !existsSync(join(root, '.vscode')))
})

test('what one server leaves stays for another that is about to start, until the last one goes', () => {
  const root = layOut({ 'a/': '' })
  const [one, two] = [placeCovers(real(root)), placeCovers(real(root))]
  assert.deepEqual(removeCovers(one), [])
  assert.ok(existsSync(join(root, '.mcp.json')) && existsSync(join(root, '.vscode')))
  removeUnused(one)
  assert.ok(existsSync(join(root, '.mcp.json')), 'however often it is tried')
  removeCovers(two)
  assert.ok(!existsSync(join(root, '.mcp.json')) && !existsSync(join(root, '.vscode')))
})

test('a name is protected at any depth and in any case', () => {
  const dangerous = [
    '.git/hooks/pre-commit',
    'a/.mcp.json',
    '.VSCODE/tasks.json',
    '.git/config',
    '.git/commondir',
    'a/.git',
  ]
  for (const path of [...dangerous, '.git/modules/a/config', 'a/.Git/info/attributes'])
    assert.ok(isProtected(path), path)
  for (const path of ['src/git/hooks', 'hooks', '.github', 'mcp.json', '.git/objects/ab/cd', '.git/index'])
    assert.ok(!isProtected(path), path)
})

const hasGit = spawnSync('git', ['--version']).status === 0
test('git believes an empty folder called .git no more than none', { skip: !hasGit }, () => {
  const root = layOut({ 'a.txt': 'a' })
  const covers = placeCovers(real(root))
  const asked = spawnSync('git', ['status'], { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })
  assert.match(asked.stderr, /not a git repository/u)
  removeCovers(covers)
})
