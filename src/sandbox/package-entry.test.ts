import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { resolveCommand, wantedBy } from './package-entry.ts'

const nothing = () => undefined

function search(cwd: string, home = '/home/nobody-here') {
  return { cwd, home, path: '', node: process.execPath }
}

test('runner commands are read as the package, the program and what is passed on', () => {
  const wanted = (line: string) => wantedBy(line.split(' '))
  assert.deepEqual(wanted('npx -y @a/b@1.2.3 ./x --flag'), {
    ...{ ecosystem: 'npm', name: '@a/b', version: '1.2.3', bin: undefined, args: ['./x', '--flag'] },
  })
  assert.deepEqual(wanted('npx --package=@a/b tool x'), {
    ...{ ecosystem: 'npm', name: '@a/b', version: undefined, bin: 'tool', args: ['x'] },
  })
  assert.equal(wanted('npx -p a@2 b')?.version, '2')
  assert.equal(wanted('pnpm dlx a')?.name, 'a')
  assert.equal(wanted('npm exec -- a')?.name, 'a')
  assert.equal(wanted('/usr/bin/npx a')?.name, 'a')
  assert.equal(wanted('uvx mcp-server-git')?.ecosystem, 'pypi')
  assert.deepEqual([wanted('uvx a==1.0')?.name, wanted('uvx a==1.0')?.version], ['a', '1.0'])
  assert.equal(wanted('uv tool run a')?.name, 'a')
  for (const line of ['node x.js', 'npm run x', 'npx', 'npx -y', 'pnpm install'])
    assert.equal(wanted(line), undefined, line)
})

const tool = (version: string, bin: unknown = { tool: 'cli.js' }) => JSON.stringify({ name: 'tool', version, bin })

test('npx starts what is installed in the project or above it, through Node, and downloads nothing', () => {
  const root = layOut({ 'node_modules/tool/package.json': tool('1.2.3'), 'node_modules/tool/cli.js': '', 'a/b/': '' })
  for (const spec of ['tool', 'tool@1.2.3', 'tool@^1.0.0', 'tool@latest']) {
    const found = resolveCommand(['npx', '-y', spec, 'x'], search(join(root, 'a/b')), nothing)
    assert.ok(found.ok, spec)
    assert.match(found.found.program, /node/u)
    assert.deepEqual(found.found.args, [join(root, 'node_modules/tool/cli.js'), 'x'])
    assert.ok(found.found.needs.includes(join(root, 'node_modules') as never))
  }
})

test('another version than the one asked for is not started', () => {
  const root = layOut({ 'node_modules/tool/package.json': tool('1.2.3'), 'node_modules/tool/cli.js': '' })
  for (const spec of ['tool@2.0.0', 'tool@^2', 'tool@1.2.4']) {
    const found = resolveCommand(['npx', '-y', spec], search(root), nothing)
    assert.ok(!found.ok)
    assert.match(found.reason, /not installed/u)
    assert.match(found.wayOut, /server add tool tool@/u)
  }
})

test('the store is asked first, and what npx left in its cache last', () => {
  const root = layOut({
    'store/package.json': tool('9.9.9'),
    'store/cli.js': '',
    'home/.npm/_npx/a1/node_modules/tool/package.json': tool('1.0.0'),
    'home/.npm/_npx/b2/node_modules/tool/package.json': tool('3.0.0'),
    'home/.npm/_npx/b2/node_modules/tool/cli.js': '',
    'cwd/': '',
  })
  const at = search(join(root, 'cwd'), join(root, 'home'))
  const cached = resolveCommand(['npx', 'tool'], at, nothing)
  assert.ok(cached.ok && cached.found.args[0]?.includes('/b2/'), 'the newest')
  const stored = resolveCommand(['npx', 'tool'], at, () => join(root, 'store'))
  assert.ok(stored.ok && stored.found.args[0]?.startsWith(join(root, 'store')))
})

test('an entry that leaves its package is none', () => {
  const root = layOut({ 'node_modules/tool/package.json': tool('1.0.0', { tool: '../../evil.js' }), 'evil.js': '' })
  const found = resolveCommand(['npx', 'tool'], search(root), nothing)
  assert.ok(!found.ok && /no program/u.test(found.reason))
})

test('a package name that is a path is not looked for', () => {
  const root = layOut({ 'x/package.json': tool('1.0.0'), 'x/cli.js': '', 'p/node_modules/': '' })
  assert.equal(resolveCommand(['npx', '../../x'], search(join(root, 'p')), nothing).ok, false)
  assert.equal(resolveCommand(['npx', '..'], search(join(root, 'p')), nothing).ok, false)
})

test('Python runners name what to do instead', () => {
  const found = resolveCommand(['uvx', 'mcp-server-git'], search('/'), nothing)
  assert.ok(!found.ok && /server add/u.test(found.wayOut))
})

test('a stored package that names its own start is started so, with its folder and nothing else of the store', () => {
  const root = layOut({ 'store/x/start/tool.py': '', 'store/y/secret.py': '' })
  const folder = join(root, 'store', 'x')
  const command = [process.execPath, '-I', join(folder, 'start', 'tool.py')]
  const stored = () => ({ ok: true, command, folder }) as const
  const found = resolveCommand(['uvx', 'tool@1.0.0', '--zone', 'UTC'], search('/'), stored)
  assert.ok(found.ok)
  assert.deepEqual(found.found.args, ['-I', join(folder, 'start', 'tool.py'), '--zone', 'UTC'])
  assert.ok(found.found.needs.some(path => path === folder))
  assert.ok(found.found.needs.every(path => !path.startsWith(join(root, 'store', 'y')) && path !== join(root, 'store')))
})
