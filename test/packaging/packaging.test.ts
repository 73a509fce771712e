import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { environment, readable } from '../fixtures/gateway.ts'
import { scripted } from '../fixtures/running.ts'
import { obliging } from '../plays/play.ts'
import { stdioTalker } from '../plays/stdio-talker.ts'
import { greet } from '../plays/talker.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const runMs = 240_000
const sources = ['src/cli/main.ts', 'src/api.ts']
const absent = sources.filter(path => !existsSync(join(root, path)))
const skip = absent.length > 0 ? `${absent.join(' and ')} not written yet` : false

const folder = mkdtempSync(join(tmpdir(), 'packed-'))
const home = join(folder, 'home')
const installed = join(folder, 'node_modules', 'sallyport')
const program = join(folder, 'node_modules', '.bin', 'sallyport')
let files: readonly string[] = []

before(() => {
  if (skip) return
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  assert.match(scripts['prepack'] ?? '', /\bbuild$/u, 'a package that is packed without being built holds no program')
  run(process.execPath, ['scripts/build.ts'], root)
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  const [tarball] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[]
  files = tarball?.files.map(({ path }) => path) ?? []
  mkdirSync(home)
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const words = ['i', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  run('npm', [...words, join(folder, tarball?.filename ?? '')], folder)
})

after(() => rmSync(folder, { recursive: true, force: true }))

test('the packed tarball installs in an empty folder and says its version', { skip }, () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  assert.equal(run(program, ['--version'], folder).trim(), version)
})

const older = ['/usr/bin/node', '/usr/local/bin/node'].find(path => /^v(?:18|20)\./u.test(versionOf(path)))
const noOlder = skip || (older === undefined ? 'no Node 18 or 20 on this machine' : false)

test('an older Node is told in one line which it needs', { skip: noOlder }, () => {
  const done = spawnSync(older ?? '', [join(installed, 'dist', 'sallyport.js'), 'start'], { encoding: 'utf8' })
  assert.deepEqual([done.status, done.stdout], [2, ''])
  assert.match(
    done.stderr,
    // By its own path: what a registry calls `sallyport` may be somebody else's.
    /^sallyport needs Node 22\.13 or newer, and this is .*npx -y -p node@24 node \S+\/dist\/sallyport\.js start\n$/u,
  )
})

test('the installed program explains itself', { skip }, () => {
  const help = run(program, ['--help'], folder)
  for (const command of ['start', 'exec', 'stdio', 'audit', 'policy', 'doctor'])
    assert.match(help, new RegExp(`\\b${command}\\b`, 'u'))
})

test('the installed program guards a real server', { skip }, async () => {
  using server = scripted()
  const reads = readable.flatMap(path => ['--read', path])
  const command = [program, 'exec', ...reads, '--write', server.folder, '--', ...server.command]
  const talker = stdioTalker(command, 'legacy', { answer: obliging, env: environment(home) })
  await greet(talker)
  const { answer } = await talker.request('tools/call', { name: 'echo', arguments: { hello: 'there' } })
  await talker.close()
  assert.deepEqual(answer['result'], { content: [{ type: 'text', text: '{"hello":"there"}' }] })
  assert.ok(server.seen().some(entry => JSON.stringify(entry).includes('"hello":"there"')))
})

test('everything the package exports can be imported, and its types hold', { skip }, () => {
  const names = ['sallyport', 'sallyport/guards']
  const imports = names.map((name, i) => `import * as m${i} from '${name}'`).join('\n')
  const check = names.map((_, i) => `if (Object.keys(m${i}).length === 0) throw new Error('empty')`).join('\n')
  writeFileSync(join(folder, 'consumer.mjs'), `${imports}\n${check}\n`)
  run(process.execPath, ['consumer.mjs'], folder)
  writeFileSync(
    join(folder, 'consumer.ts'),
    `${imports}\nexport const all = [${names.map((_, i) => `m${i}`).join(', ')}]\n`,
  )
  const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2023', types: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], folder)
})

test('the package holds what is needed to run it and nothing of how it was made', { skip }, () => {
  const strangers = files.filter(
    path =>
      !/^(dist\/|presets\/|permissions\/|docs\/[\w.-]+\.(?:md|json)$|package\.json$|README\.md$|LICENSE$|NOTICE$)/u.test(
        path,
      ),
  )
  assert.deepEqual(strangers, [])
  assert.deepEqual(
    files.filter(path => /\.test\.|fixtures|\.map$/u.test(path)),
    [],
  )
  assert.ok(existsSync(join(installed, 'dist', 'heavy-thread.js')))
})

test('each table beside the bundle is the one that the bundle takes', { skip }, () => {
  const folder = join(installed, 'dist')
  const code = readdirSync(folder).filter(name => name.endsWith('.js'))
  // Lines are kept short, also within a text.
  const text = code.map(name => readFileSync(join(folder, name), 'utf8').replaceAll('\\\n', '')).join('\n')
  const tables = readdirSync(folder).filter(name => name.endsWith('.table'))
  assert.ok(tables.length > 0)
  for (const table of tables) {
    const mark = readFileSync(join(folder, table)).subarray(0, 16).toString('latin1')
    assert.match(text, new RegExp(`[" ]${table.replace('.table', '')}:${mark}[" ]`, 'u'), table)
  }
})

test('publint has nothing to say', { skip }, () => {
  run(join(root, 'node_modules', '.bin', 'publint'), ['--strict', installed], folder)
})

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''
}

function run(command: string, words: readonly string[], cwd: string): string {
  const env = { ...process.env, NODE_NO_WARNINGS: '1', ...(cwd === folder ? { XDG_STATE_HOME: home } : {}) }
  const done = spawnSync(command, words, { cwd, env, encoding: 'utf8', timeout: runMs })
  assert.equal(
    done.status,
    0,
    `${command} ${words.join(' ')} ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`,
  )
  return done.stdout
}
