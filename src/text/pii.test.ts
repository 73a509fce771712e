import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { piiIn } from './pii.ts'

function found(text: string): string[] {
  return piiIn(text).map(({ kind, from, to }) => `${kind}: ${text.slice(from, to)}`)
}

test('numbers are found as people write them', () => {
  assert.deepEqual(found('card 4012-8888-8888-1881.'), ['card: 4012-8888-8888-1881'])
  assert.deepEqual(found('amex 3782 822463 10005'), ['card: 3782 822463 10005'])
  assert.deepEqual(found('IBAN: GB82 WEST 1234 5698 7654 32'), ['iban: GB82 WEST 1234 5698 7654 32'])
  assert.deepEqual(found('CPF 529.982.247-25'), ['national-id: 529.982.247-25'])
  assert.deepEqual(found('PESEL: 44051401359'), ['national-id: 44051401359'])
  assert.deepEqual(found('{"card_number": "6011000990139424"}'), ['card: 6011000990139424'])
  assert.deepEqual(found('paid with 5425233430109903'), ['card: 5425233430109903'])
  assert.deepEqual(found('tel: (212) 456-7890'), ['phone: (212) 456-7890'])
  assert.deepEqual(found('call 1.212.456.7890 or fax 212.456.7890'), ['phone: 1.212.456.7890', 'phone: 212.456.7890'])
  assert.deepEqual(found('Registrant Phone: +1.2124567890'), ['phone: +1.2124567890'])
  assert.deepEqual(found('+44 20 7946 0958 and +1 212 456 7890'), ['phone: +44 20 7946 0958', 'phone: +1 212 456 7890'])
})

test('numbers that only look like it are none', () => {
  const texts = [
    '2026-11-22T18:00:01.123456Z 1763831540123456 0x4012888888881881a',
    'pi 3.14159265358979323846 and 44051401359 items',
    '10.0.12.254:8080 192.168.100.200 v12.345.678-90',
    'ISBN 978-3-16-148410-0, 1234 5678 9012 3456, 0000 0000 0000 0000',
    '4111111111111112 4012 8888 88881881 DE89370400440532013001',
    'a@example.com b@host.test git@github.com:a/b.git npm i @scope/pkg@1.2.3',
    '555-1234567 12345678 (see 1234567890)',
    '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]',
    '9f86d081884c7d659a2feaa0c55ad015',
    'EAN 4834921232250 order 4012888888881881 ref. no 5555555555554444 65501959166146641',
    'call 2362121860 failed, call 3.10.8349, fax 3.10.8349, tel: 2.45.678901',
    'at +43.58370 +83.06688, then +846.17',
    'Message 114-3941689-8772232 of 1763831540, 1763831540123, 10.200.30.41:65535',
  ]
  for (const text of texts) assert.deepEqual(found(text), [], text)
})

test('texts made of digits, dots and at signs cost little more than plain text', () => {
  for (const piece of ['1', '1 ', '12-', '+1', 'a@', 'a.', 'a@b.', '(1', '4012 ', 'A1']) {
    const start = cpuMs()
    piiIn(piece.repeat(100_000 / piece.length))
    // A scan whose cost grows with the square takes seconds for these 100 KB; the bound leaves room for a busy machine.
    assert.ok(cpuMs() - start < 1500, `${piece}: ${cpuMs() - start} ms`)
  }
})
