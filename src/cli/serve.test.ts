import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

const folder = layOut({})

test('start and stdio explain themselves and refuse what they do not know, as every other command does', async () => {
  const [start, stdio, port, unknown, missing] = await Promise.all([
    command(['start', '--help'], { folder }),
    command(['stdio', '--help'], { folder }),
    command(['start', '--port', 'seven'], { folder }),
    command(['stdio', '--fly'], { folder }),
    command(['stdio', '--config', 'nowhere.yaml'], { folder }),
  ])
  assert.match(start.out, /^Usage: sallyport start \[options\]/u)
  assert.match(stdio.out, /^Usage: sallyport stdio \[options\]/u)
  assert.deepEqual([start.code, stdio.code, port.code, unknown.code, missing.code], [0, 0, 2, 2, 2])
  assert.match(port.err, /--port seven: a whole number/u)
  assert.match(unknown.err, /unknown option '--fly'/u)
  assert.deepEqual([unknown.out, missing.out], ['', ''])
})
