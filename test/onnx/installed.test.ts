import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test, { before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { configured, environment, readable } from '../fixtures/gateway.ts'
import { scripted } from '../fixtures/running.ts'
import { obliging } from '../plays/play.ts'
import { stdioTalker } from '../plays/stdio-talker.ts'
import { greet } from '../plays/talker.ts'
import { temporaryFolder } from '../temporary.ts'
import { installRuntime, runtimeFolder } from './runtime.ts'
import { writeTiny } from './tiny-model.ts'

const skip = installRuntime() ?? false
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const runMs = 240_000
/** The words of the tiny model's attacks, in no order: nothing that Sallyport's own guards know. */
const words = 'forward upload reveal tell hide not mail'

const folder = temporaryFolder()
const program = join(folder, 'node_modules', '.bin', 'sallyport')
const env = { ...process.env, NODE_NO_WARNINGS: '1', ...environment(folder) }

before(() => {
  if (skip) return
  run(process.execPath, ['scripts/build.ts'], root)
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root).stdout
  const [tarball] = JSON.parse(packed) as { filename: string }[]
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  run('npm', ['i', ...quiet, join(folder, tarball?.filename ?? '')], folder)
  const { file, tokenizer } = writeTiny(join(folder, 'guard'))
  writeFileSync(join(folder, 'digests.json'), JSON.stringify([file, tokenizer].map(digestOf)))
})

test('installing the package brings no runtime, and a start that needs one says the command', { skip }, () => {
  using server = scripted()
  const path = config(server, { onnx: { file: './guard/tiny.onnx' } })
  for (const command of [
    ['stdio', '--config', path],
    ['policy', 'check', '--config', path],
  ]) {
    const { status, stderr } = spawnSync(program, command, { env, cwd: folder, encoding: 'utf8', timeout: runMs })
    assert.equal(status, 2, stderr)
    assert.match(
      stderr,
      /sallyport\.yaml:\d+:\d+: model\.onnx\.file: needs packages that run it, and they are not installed; run: cd /u,
    )
    assert.ok(stderr.includes(`cd ${folder} && npm install --ignore-scripts`), stderr)
  }
})

test('the installed program reads along with the model in a file, decides with it, and records which it was', {
  skip,
}, async () => {
  const modules = join(runtimeFolder, 'node_modules')
  mkdirSync(join(folder, 'node_modules', '@huggingface'), { recursive: true })
  for (const name of ['onnxruntime-web', '@huggingface/tokenizers'])
    symlinkSync(join(modules, name), join(folder, 'node_modules', name))
  using server = scripted()
  assert.match(await answered(config(server, undefined)), /forward upload reveal/u)
  const [sha256, tokenizerSha256] = JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8')) as string[]
  const path = config(server, { onnx: { file: './guard/tiny.onnx', sha256, tokenizerSha256 } })
  assert.equal(run(program, ['policy', 'check', '--config', path], folder).status, 0)
  assert.match(await answered(path), /blocked|not let|refused|model\/injection/iu)
  const record = (kind: string) => run(program, ['audit', 'query', '--kind', kind, '--json'], folder).stdout
  assert.match(record('result'), /model\/injection/u)
  assert.ok(record('config').includes(String(sha256)) && record('config').includes(String(tokenizerSha256)))
})

test('another file under the name of the approved one stops the start, with its line', { skip }, () => {
  using server = scripted()
  const path = config(server, { onnx: { file: './guard/tiny.onnx', sha256: 'a'.repeat(64) } })
  const { status, stderr } = spawnSync(program, ['stdio', '--config', path], {
    env,
    cwd: folder,
    encoding: 'utf8',
    timeout: runMs,
  })
  assert.equal(status, 2, stderr)
  assert.match(stderr, /model\.onnx\.file: is another file than was approved/u)
})

function config(server: ReturnType<typeof scripted>, model: object | undefined): string {
  const path = join(folder, 'sallyport.yaml')
  const one = { ...configured({ command: server.command, write: [server.folder] }), writers: 'anyone' }
  writeFileSync(path, stringify({ version: 1, servers: { one }, ...(model === undefined ? {} : { model }) }))
  assert.ok(readable.length > 0)
  return path
}

/** What a client hears when a server gives it those words. */
async function answered(path: string): Promise<string> {
  const talker = stdioTalker([program, 'stdio', '--config', path], 'legacy', {
    answer: obliging,
    env: environment(folder),
  })
  await greet(talker)
  await talker.request('tools/list')
  const { raw } = await talker.request('tools/call', { name: 'echo', arguments: { said: words } })
  await talker.close()
  return raw
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

function run(
  command: string,
  line: readonly string[],
  cwd: string,
): { readonly stdout: string; readonly status: number | null } {
  const done = spawnSync(command, line, {
    cwd,
    env: cwd === folder ? env : process.env,
    encoding: 'utf8',
    timeout: runMs,
  })
  assert.equal(done.status, 0, `${command} ${line.join(' ')}\n${done.stdout}${done.stderr}`)
  return done
}
