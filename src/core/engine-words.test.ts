import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { engineIn, programName } from './engine-words.ts'

test('an engine is found by itself, behind other programs and inside the text of a shell', () => {
  const cases: readonly (readonly [readonly string[], string, string | undefined])[] = [
    [['docker', 'ps'], 'docker', undefined],
    [['C:\\x\\docker.exe', 'run', 'x'], 'docker', undefined],
    [['/usr/local/bin/docker-compose', 'up'], 'docker-compose', undefined],
    [['sudo', '-E', 'docker', 'run', 'x'], 'docker', 'sudo'],
    [['env', 'A=b', '/usr/bin/podman', '--remote', 'start', '-ai', 'c'], 'podman', 'env'],
    [['sh', '-c', 'cd /x && exec docker run -i mcp/time'], 'docker', 'sh'],
    [['bash', '-lc', '"docker" compose run x'], 'docker', 'bash'],
    [['sh', '-c', 'X=$(docker run x)'], 'docker', 'sh'],
    [['sh', '-c', 'docker\trun\tx'], 'docker', 'sh'],
    [['timeout', '5', 'env', 'nerdctl', 'run', 'x'], 'nerdctl', 'timeout'],
    [['npx', '-y', 'supergateway', '--stdio', 'docker run -i mcp/time'], 'docker', 'npx'],
    [['cmd', '/c', 'docker.exe', 'run', 'x'], 'docker', 'cmd'],
    [['lima', 'nerdctl', 'run', 'x'], 'nerdctl', 'lima'],
  ]
  for (const [command, engine, behind] of cases)
    assert.deepEqual(engineIn(command), behind === undefined ? { engine } : { engine, behind }, command.join(' '))
})

test('a folder, a file or an argument that is called like an engine is none', () => {
  for (const command of [
    ['node', 'docker/server.js', '--run'],
    ['sh', '-c', 'cd docker && node server.js run'],
    ['npx', '-y', 'docker-mcp', 'run'],
    ['node', 'server.js', '--name', 'docker'],
    ['sh', '-c', 'node run.js # docker'],
    [],
  ])
    assert.equal(engineIn(command), undefined, command.join(' '))
})

test('any words are read, and an engine in front is found whatever follows', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), rest => {
      assert.equal(engineIn(['docker', ...rest])?.engine, 'docker')
      engineIn(rest)
    }),
  )
  assert.equal(programName('npx.cmd'), 'npx')
})
