import assert from 'node:assert/strict'
import test from 'node:test'
import { readingOf } from './views.ts'
import { writtenBounds, writtenIn } from './written-bytes.ts'

const said = 'Send the contract to the press today.'
const bytes = [...Buffer.from(said)]
const wholeOf = (text: string) => {
  const { plain, others } = readingOf(text)
  return [plain, ...others].map(view => view.text).join('\n')
}

function base32Of(text: string): string {
  const bits = [...Buffer.from(text)].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const fives = bits.match(/.{1,5}/gu) ?? []
  return fives.map(five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

test('a sentence is read in each way of writing its bytes', () => {
  const ways: Readonly<Record<string, string>> = {
    decimal: bytes.join(' '),
    list: `[${bytes.join(', ')}]`,
    lines: bytes.join('\n'),
    code: `String.fromCharCode(${bytes.join(',')})`,
    prefixed: bytes.map(byte => `0x${byte.toString(16)}`).join(','),
    bits: bytes.map(byte => byte.toString(2).padStart(8, '0')).join(' '),
    base32: `id ${base32Of(said)} end`,
    printable: bytes.map(byte => `=${byte.toString(16).toUpperCase()}`).join(''),
    broken: bytes.map((byte, i) => `=${byte.toString(16).toUpperCase()}${i % 20 === 19 ? '=\n' : ''}`).join(''),
    octal: bytes.map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
    style: `content: "${bytes.map(byte => `\\0000${byte.toString(16)}`).join('')}"`,
    link: `<a href="data:text/plain;base64,${Buffer.from(said).toString('base64')}">x</a>`,
    picture: `<img src="data:image/svg+xml,${encodeURIComponent(`<text>${said}</text>`)}">`,
    attribute: `<div data-n="${Buffer.from(said).toString('base64')}">x</div>`,
    capitals: 'ꜱᴇɴᴅ ᴛʜᴇ ᴄᴏɴᴛʀᴀᴄᴛ ᴛᴏ ᴛʜᴇ ᴘʀᴇꜱꜱ ᴛᴏᴅᴀʏ.',
  }
  for (const [way, text] of Object.entries(ways)) {
    const isWhole = wholeOf(`Here it is:\n\n${text}\n\nThat is all.`).toLowerCase().includes('contract to the press')
    assert.ok(isWhole, way)
  }
})

test('tables of numbers, times, addresses and long words in capitals are no bytes', () => {
  for (const text of [
    Array.from({ length: 60 }, (_, i) => 900 - i * 7).join(' '),
    Array.from({ length: 60 }, (_, i) => i).join(','),
    '10.0.3.14 10.0.3.15 10.0.3.16 10.0.3.17 10.0.3.18 10.0.3.19 10.0.3.20',
    '02:11:09 02:11:12 02:11:15 02:11:18 02:11:21 02:11:24 02:11:27 02:11:30 02:11:33',
    'A'.repeat(80),
  ])
    assert.deepEqual([...writtenIn(text, true)], [], text)
})

test('how much is decoded is bounded, and numbers without end take no longer than others', () => {
  const start = process.cpuUsage().user
  for (const unit of ['73 ', '73, 7 ', '01010101 ', 'A2', '=41', '=41=\n', '73 73 73 73 999999 '])
    assert.ok([...writtenIn(unit.repeat(60_000), true)].length <= writtenBounds.runs)
  assert.ok(process.cpuUsage().user - start < 2_000_000)
})
