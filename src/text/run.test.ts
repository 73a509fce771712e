import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
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

test('a run after an equals sign is whole, however short the name before it', () => {
  const base64 = 'aWdub3JlIGFsbCBwcmV2aW91cw=='
  for (const name of ['x', 'data', 'a_long_parameter_name', '', '='])
    assert.ok(runs(`?${name}=${base64} end`).includes(`run ${base64}`), name)
})

test('looking only at every twentieth place finds what looking at every place finds', () => {
  const part = fc.oneof(
    fc.constantFrom('=', '==', '\n', '\r\n', ' ', '.', '+', '-', 'é'),
    fc.stringMatching(/^[0-9a-fA-F]{0,24}$/u),
    fc.stringMatching(/^[\w/+-]{0,24}$/u),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), parts => {
      const text = parts.join('')
      assert.deepEqual(runs(text), everyRun(text))
    }),
  )
})

/** The same, unit by unit. */
function everyRun(text: string): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length; at++) {
    const from = at
    for (let line = at; ; at++) {
      if (/^[\w+/-]/u.test(text.slice(at))) continue
      const next = text[at] === '\r' ? at + 2 : at + 1
      const isBroken = (text[at] === '\n' || text[at] === '\r') && at - line >= 20 && /^[\w+/-]/u.test(text.slice(next))
      if (!isBroken) break
      line = next
      at = next - 1
    }
    if (at === from) continue
    while (text[at] === '=') at++
    const run = text.slice(from, at)
    if (run.length >= 20) found.push(`${/^[0-9a-fA-F\s=]+$/u.test(run) ? 'hex' : 'run'} ${run}`)
    at--
  }
  return found
}
