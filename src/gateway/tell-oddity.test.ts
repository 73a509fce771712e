import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import type { WireOddity } from '../wire/link.ts'
import { tellOddity } from './tell-oddity.ts'

test('everything odd is recorded; people are shown what a server prints, on one line that draws nothing', () => {
  const recorded: string[] = []
  const said: string[] = []
  const ports = {
    recordOddity: (server: ServerName | undefined, { code }: WireOddity) => recorded.push(`${server} ${code}`),
  }
  const tell = tellOddity({ recordOddity: (server, what) => void ports.recordOddity(server, what) }, text =>
    said.push(text),
  )
  tell('notes' as ServerName, { code: 'stderr', detail: '', sample: 'up\u001b[2J\nnotes: approved' })
  tell(undefined, { code: 'not-json', detail: '', sample: 'x' })
  assert.deepEqual(recorded, ['notes stderr', 'undefined not-json'])
  assert.equal(said.length, 1)
  assert.doesNotMatch(said[0] ?? '', /[\u001b\n]/u)
  assert.match(said[0] ?? '', /^notes: up/u)
})
