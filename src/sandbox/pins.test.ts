import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { isProtected, pinsOf, placeCovers, protectedLinks, removeCovers } from './pins.ts'
import { realPathOf } from './real-path.ts'

const real = (path: string) => realPathOf(path)!

test('protected names are kept, and the folders on the way to them held, outer before inner', () => {
  const root = layOut({ '.git/hooks/': '', '.git/config': '', '.vscode/x': '', 'sub/.git/hooks/': '', 'src/a': '' })
  const pins = pinsOf(real(root)).map(({ path, how }) => `${how} ${path.slice(root.length)}`)
  for (const pin of [
    'hold /.git',
    'keep /.git/hooks',
    'keep /.git/config',
    'keep /.vscode',
    'hold /sub/.git',
    'keep /sub/.git/hooks',
  ])
    assert.ok(pins.includes(pin), `${pin} in ${pins}`)
  assert.ok(pins.indexOf('hold /.git') < pins.indexOf('keep /.git/hooks'))
  assert.ok(!pins.some(pin => pin.includes('/src')))
})

test('a protected name that is a link is reported, since a link can be replaced', () => {
  const root = layOut({ 'shared/': '', '.vscode': '→ shared', '.git/': '' })
  assert.deepEqual(protectedLinks(real(root)), [join(root, '.vscode')])
  assert.deepEqual(protectedLinks(real(layOut({ '.vscode/': '' }))), [])
})

test('covers stand for absent names while a server runs, and nothing of a person is ever taken away', () => {
  const root = layOut({ '.mcp.json': '{"mine":1}', '.git/': '' })
  const covers = placeCovers(real(root))
  assert.ok(existsSync(join(root, '.vscode')) && existsSync(join(root, '.git/hooks')))
  assert.ok(!covers.some(({ path }) => path.endsWith('.mcp.json')), 'what is there needs no cover')
  writeFileSync(join(root, '.vscode', 'settings.json'), '{}')
  removeCovers(covers)
  assert.ok(existsSync(join(root, '.vscode', 'settings.json')), 'a folder that was filled meanwhile stays')
  assert.ok(!existsSync(join(root, '.cursor')) && !existsSync(join(root, '.git/hooks')))
  assert.equal(readFileSync(join(root, '.mcp.json'), 'utf8'), '{"mine":1}')
})

test('covers that a killed gateway left behind are taken over by the next start', () => {
  const root = layOut({ 'a/': '' })
  placeCovers(real(root))
  const again = placeCovers(real(root))
  assert.ok(again.length > 3)
  removeCovers(again)
  assert.ok(!existsSync(join(root, '.mcp.json')) && !existsSync(join(root, '.vscode')))
})

test('a name is protected at any depth and in any case', () => {
  for (const path of ['.git/hooks/pre-commit', 'a/.mcp.json', '.VSCODE/tasks.json', '.git/config'])
    assert.ok(isProtected(path), path)
  for (const path of ['src/git/hooks', 'hooks', '.github', 'mcp.json']) assert.ok(!isProtected(path), path)
})
