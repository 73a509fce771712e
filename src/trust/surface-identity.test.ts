import assert from 'node:assert/strict'
import test from 'node:test'
import { artefactIn, identityOf } from './surface-identity.ts'

const run = (...command: string[]) => identityOf('s', { kind: 'command', command, cwd: '/w' })

test('a package is known by its name, whatever its version, its runner and its arguments', () => {
  const wanted = 's package:@acme/server'
  for (const command of [
    ['npx', '-y', '@acme/server@1.2.3', '--key', 'sk-secret'],
    ['/usr/bin/npx', '--yes', '@acme/server'],
    ['npx.cmd', '@acme/server@latest', '/home/ann'],
    ['npm', 'exec', '@acme/server'],
  ])
    assert.equal(run(...command), wanted)
  assert.equal(run('uvx', 'mcp-server-fetch==1.0'), 's package:mcp-server-fetch')
})

test('an image is known without its tag', () => {
  assert.equal(
    run('docker', 'run', '-i', '--rm', '-e', 'TOKEN', 'ghcr.io/acme/server:1.2'),
    's image:ghcr.io/acme/server',
  )
})

test('an image is the same one in every spelling of its repository, whatever options stand before it', () => {
  for (const words of ['mcp/time', 'docker.io/mcp/time:1', '--unheard-of=x -v /a:/b index.docker.io/mcp/time x'])
    assert.equal(run('docker', 'run', '-i', ...words.split(' ')), 's image:docker.io/mcp/time', words)
  assert.equal(run('docker', 'run', '--network', 'evil/name', 'mcp/time'), 's image:docker.io/mcp/time')
})

test('what an engine starts without naming an image is known by the engine, so that no word of it makes it a stranger', () => {
  assert.equal(run('docker', 'compose', 'run', 'a'), 's engine:docker')
  assert.equal(run('sh', '-c', 'docker run mcp/time'), run('sh', '-c', 'docker run mcp/other'))
  assert.equal(run('docker', 'run', '--unheard-of', 'a', 'b'), 's image:unreadable')
})

test('a program of your own is known by its path', () => {
  assert.equal(run('node', '--enable-source-maps', 'server.js', '--token=x'), 's program:/w/server.js')
  assert.equal(run('/opt/server', '--token=x'), 's program:/opt/server')
})

test('an address keeps no secret of its query, and another query is another server', () => {
  const one = identityOf('s', { kind: 'url', url: 'https://example.com/mcp?key=sk-secret' })
  const two = identityOf('s', { kind: 'url', url: 'https://example.com/mcp?key=sk-other' })
  assert.match(one, /^s https:\/\/example\.com\/mcp\?[0-9a-f]{16}$/u)
  assert.notEqual(one, two)
})

test('the version or digest that a command names is known, a tag or a range is not', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const artefact = (...command: string[]) => artefactIn({ kind: 'command', command, cwd: '/w' })
  assert.equal(artefact('npx', '-y', '@acme/server@1.2.3', '--key'), '1.2.3')
  assert.equal(artefact('uvx', 'mcp-server-fetch==2025.1.0'), '2025.1.0')
  assert.equal(artefact('docker', 'run', '-i', `ghcr.io/acme/server@${digest}`), digest)
  for (const words of [
    ['npx', '@acme/server'],
    ['npx', '@acme/server@latest'],
    ['docker', 'run', 'acme:1.2'],
    ['node', 'x@1.2.3'],
  ])
    assert.equal(artefact(...words), undefined, words.join(' '))
})
