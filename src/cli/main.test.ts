import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { version } from '../gateway/version.ts'

const folder = layOut({})

test('data goes to stdout, words to stderr, and wrong usage ends with 2', async () => {
  const [about, help, unknown, exec] = await Promise.all([
    command(['--version'], { folder }),
    command(['--help'], { folder }),
    command(['fly'], { folder }),
    command(['exec'], { folder }),
  ])
  assert.deepEqual(about, { code: 0, out: `${version}\n`, err: '' })
  assert.equal(help.code, 0)
  assert.match(help.out, /inspect/u)
  assert.deepEqual([unknown.code, unknown.out, exec.code, exec.out], [2, '', 2, ''])
  assert.match(unknown.err, /unknown command 'fly'/u)
  assert.match(exec.err, /name the server after --/u)
})

test('a command that breaks on the way ends with 3, which no script takes for a finding', async () => {
  const env = { SALLYPORT_STATE: `${process.execPath}/state` }
  const { code, out, err } = await command(['pins', 'show'], { folder, env })
  assert.deepEqual([code, out], [3, ''])
  assert.match(err, /^sallyport: .*node.*ENOTDIR/u)
})
