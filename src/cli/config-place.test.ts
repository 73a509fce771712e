import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { loadConfig } from '../config/load.ts'
import { problemLine } from '../config/problem.ts'
import { guards } from '../guards/index.ts'
import { problemFinder } from './config-place.ts'

test('what is said of a part of a configuration names the file and line where that part stands', async () => {
  const folder = layOut({
    'org.yaml': 'version: 1\nservers:\n  ours: { command: [x] }\n',
    'user.yaml': 'version: 1\n\nservers:\n  mine: { command: [y], env: { KEY: plain } }\n',
  })
  const [org, user] = [join(folder, 'org.yaml'), join(folder, 'user.yaml')]
  const loaded = await loadConfig(
    [
      { path: org, layer: 'organisation' },
      { path: user, layer: 'user' },
    ],
    guards,
  )
  assert.ok(loaded.ok)
  const at = problemFinder(loaded.config)
  assert.equal(problemLine(at(['servers', 'ours', 'command'], 'x')), `${org}:3:20: servers.ours.command: x`)
  assert.equal(problemLine(at(['servers', 'mine', 'env', 'KEY'], 'x')), `${user}:4:37: servers.mine.env.KEY: x`)
})
