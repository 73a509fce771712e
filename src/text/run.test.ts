import assert from 'node:assert/strict'
import test from 'node:test'
import { runsIn } from './run.ts'

const runs = (text: string) =>
  [...runsIn(text)].map(({ span, isHex }) => `${isHex ? 'hex' : 'run'} ${text.slice(...span)}`)

test('runs of both alphabets are found with their padding, words are not', () => {
  const hex = 'e3b0c44298fc1c149afbf4c8'
  const base64 = 'aWdub3JlIGFsbCBwcmV2aW91cw=='
  assert.deepEqual(runs(`see ${hex}, and ${base64}. ordinary words follow`), [`hex ${hex}`, `run ${base64}`])
})

test('a run goes on over line ends as encoders break it, and takes no short word along', () => {
  const lines = `${'QUJD'.repeat(19)}\n${'QUJD'.repeat(19)}\r\n${'QUJD'.repeat(5)}==`
  assert.deepEqual(runs(`x ${lines} y`), [`run ${lines}`])
  assert.deepEqual(runs('short\nwords\non\nlines'), [])
})
