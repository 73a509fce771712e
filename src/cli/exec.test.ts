import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { nameOf, runExec } from './exec.ts'
import { execOptions } from './exec-options.ts'

test('a server is called after its package, not after the runner that starts it', () => {
  assert.equal(nameOf('npx', ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/x']), 'filesystem')
  assert.equal(nameOf('/usr/bin/node', ['/opt/weather/server.js']), 'server')
  assert.equal(nameOf('uvx', ['mcp-server-git']), 'git')
  assert.equal(nameOf('/opt/bin/my tool', []), 'my-tool')
})

test('a value in the place of the name of a variable is refused without being repeated', async () => {
  const { code, err } = await command(['exec', '--env', 'TOKEN=hunter2', '--', 'x'], { folder: layOut({}) })
  assert.equal(code, 2)
  assert.match(err, /--env takes the name/u)
  assert.doesNotMatch(err, /hunter2/u)
})

test('an option without its value, one that does not exist and a server without dashes before it are told apart', async t => {
  const said: string[] = []
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0)
  assert.equal(await runExec(['--read', '--', 'node']), 2)
  assert.match(said.join(''), /--read needs a value/u)
  assert.equal(await runExec(['--reed', '/x', '--', 'node']), 2)
  assert.match(said.join(''), /unknown option --reed/u)
  assert.equal(await runExec(['node', 'server.js']), 2)
  assert.match(said.join(''), /name the server after --: sallyport exec -- node …/u)
})

test('every option that is offered is taken', async t => {
  t.mock.method(process.stderr, 'write', () => true)
  for (const { flag, value } of execOptions) {
    const said: string[] = []
    t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0)
    // With no program after the dashes nothing starts: what is complained of is that, and not the option.
    assert.equal(await runExec([flag, ...(value === undefined ? [] : [sampleOf[flag] ?? 'x']), '--']), 2)
    assert.match(said.join(''), /name the server after --/u, flag)
  }
})

const sampleOf: Readonly<Record<string, string>> = { '--sandbox': 'full', '--trust': 'scan', '--env': 'HOME' }

test('a server may make unix sockets when it is told so, and not otherwise', async () => {
  const server = `
    const fail = e => answer(e.code)
    const answer = text => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: 1, message: text } }) + '\\n')
    process.stdin.once('data', () =>
      require('net').createServer().on('error', fail).listen('/tmp/here.sock', () => answer('made')))`
  const folder = layOut({ 'server.cjs': server })
  const ask = (...words: string[]) =>
    command(['exec', ...words, '--', process.execPath, 'server.cjs'], {
      folder,
      input: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`,
      until: '"id":1',
    })
  assert.match((await ask()).out, /EAFNOSUPPORT/u)
  assert.match((await ask('--unix-sockets')).out, /made/u)
})
