import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { codeAround, findProgram, withScript } from './program.ts'
import { realPathOf } from './real-path.ts'

const node = realPathOf(process.execPath)!

function search(cwd: string, path = '/usr/bin:/bin') {
  return { cwd, home: '/home/nobody-here', path, node: process.execPath }
}

test('a #! line leads to the interpreter that really runs, with the script as its argument', () => {
  const root = layOut({ 'bin/node': `→ ${node}`, 'srv/index.js': '#!/usr/bin/env node\n', 'srv/package.json': '{}' })
  const found = findProgram([join(root, 'srv/index.js'), '--x'], search(root, join(root, 'bin')))
  assert.ok(found.ok)
  assert.equal(found.found.program, node)
  assert.deepEqual(found.found.args, [join(root, 'srv/index.js'), '--x'])
  assert.deepEqual(new Set(found.found.needs), new Set([node, join(root, 'srv')]))
})

test('a link in node_modules/.bin leads to the package, and the modules around it are needed', () => {
  const root = layOut({
    'node_modules/.bin/tool': '→ ../tool/cli.js',
    'node_modules/tool/cli.js': '#!/usr/bin/env -S node --enable-source-maps\n',
    'bin/node': `→ ${node}`,
  })
  const found = findProgram(['./node_modules/.bin/tool'], search(root, join(root, 'bin')))
  assert.ok(found.ok, JSON.stringify(found))
  assert.deepEqual(found.found.args, ['--enable-source-maps', join(root, 'node_modules/tool/cli.js')])
  assert.ok(found.found.needs.includes(join(root, 'node_modules') as never))
})

test('a script argument brings its own package, and no more', () => {
  const root = layOut({
    'mono/node_modules/dep/x.js': '',
    'mono/pkg/package.json': '{}',
    'mono/pkg/dist/s.js': '',
    'mono/secret.txt': '',
  })
  const needs = codeAround(realPathOf(join(root, 'mono/pkg/dist/s.js'))!, '/home/x')
  assert.deepEqual(needs, [join(root, 'mono/pkg'), join(root, 'mono/node_modules')])
  const found = findProgram(['node', '-r', 'x', 'mono/pkg/dist/s.js'], search(root, ''))
  assert.ok(found.ok)
  assert.ok(withScript(found.found, search(root)).needs.includes(join(root, 'mono/pkg') as never))
})

test('a script that lies in a home root gets only itself', () => {
  const home = layOut({ 'server.js': '', 'diary.txt': '' })
  assert.deepEqual(codeAround(realPathOf(join(home, 'server.js'))!, home), [join(home, 'server.js')])
})

test('a script behind links is started where it lies, and its package is what it needs', () => {
  const root = layOut({
    'node_modules/.pnpm/a@1/node_modules/a/package.json': '{}',
    'node_modules/.pnpm/a@1/node_modules/a/index.js': '',
    'node_modules/a': '→ .pnpm/a@1/node_modules/a',
    linked: '→ node_modules',
  })
  const real = join(root, 'node_modules/.pnpm/a@1/node_modules/a/index.js')
  for (const path of ['node_modules/a/index.js', 'linked/a/index.js', join(root, 'linked/a/index.js')]) {
    const found = findProgram(['node', '--no-warnings', path, 'x'], search(root, ''))
    assert.ok(found.ok)
    const { args, needs } = withScript(found.found, search(root))
    assert.deepEqual(args, ['--no-warnings', real, 'x'], path)
    assert.ok(needs.includes(join(root, 'node_modules') as never), needs.join())
  }
})

test('code given on the command line needs no folder', () => {
  const found = findProgram(['node', '-e', 'x'], search('/', ''))
  assert.ok(found.ok)
  assert.deepEqual(withScript(found.found, search('/')).needs, [node])
})

test('a virtual environment is started by its own link and bound as a whole', () => {
  const root = layOut({ 'v/pyvenv.cfg': '', 'v/bin/python': `→ ${node}` })
  const found = findProgram([join(root, 'v/bin/python')], search(root))
  assert.ok(found.ok)
  assert.equal(found.found.program, join(root, 'v/bin/python'))
  assert.deepEqual(new Set(found.found.needs), new Set([node, join(root, 'v')]))
})

test('links of a version manager between an environment and its interpreter are names for what is bound', () => {
  const root = layOut({
    'py/3.11.7/bin/python3.11': `→ ${node}`,
    'py/3.11.7/bin/python3': '→ python3.11',
    'py/3.11.7/lib/x': '',
    'py/3.11': '→ 3.11.7',
    'v/pyvenv.cfg': '',
    'v/bin/python': '→ ../../py/3.11/bin/python3',
  })
  const found = findProgram([join(root, 'v/bin/python')], search(root))
  assert.ok(found.ok)
  assert.deepEqual(found.found.links, [
    { path: join(root, 'py/3.11/bin/python3'), from: node },
    { path: join(root, 'py/3.11/lib'), from: join(root, 'py/3.11.7/lib') },
    { path: join(root, 'py/3.11/bin/python3.11'), from: node },
  ])
})

test('what cannot be found, loops, or is a switch of a version manager is refused with a way out', () => {
  const root = layOut({ loop: '#!./loop\n', '.pyenv/shims/python3': '#!/bin/sh\n', 'x.js': '' })
  for (const [command, reason] of [
    [['nothing-here'], /not found/u],
    [[join(root, 'x.js')], /not found/u],
    [['./loop'], /too many/u],
    [[join(root, '.pyenv/shims/python3')], /version manager/u],
    [[''], /not found/u],
  ] as const) {
    const found = findProgram(command, search(root))
    assert.ok(!found.ok, command.join(' '))
    assert.match(found.reason, reason)
    assert.ok(found.wayOut.length > 5)
  }
})

test('relative entries of PATH are not searched: the working folder is not ours', () => {
  const root = layOut({ 'bin/tool': '#!/bin/sh\n' })
  assert.equal(findProgram(['tool'], search(root, 'bin:.:')).ok, false)
})
