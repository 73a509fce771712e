import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { inspectBody, textBody } from '../../src/gateway/inspect-text.ts'
import { proves } from '../guide/proves.ts'

// Whole answers of tools, none of which trained: an attack of each kind of source, and what is honestly said there.
const rows = readFileSync(new URL('answers.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => {
    const [kind, family, written = ''] = line.split('\t')
    const text = written.replaceAll('\\n', '\n')
    return { kind, family, text, verdict: inspectBody(textBody('response', text)).verdict }
  })

const of = (kind: string) => rows.filter(row => row.kind === kind)
const told = (kind: string) => of(kind).map(({ family, verdict, text }) => `${verdict} ${family}: ${text.slice(0, 90)}`)

test('of attacks in answers that never trained, three of four are told', proves('T1.filter'), () => {
  const found = of('attack').filter(({ verdict }) => verdict !== 'allow').length
  assert.ok(found >= 0.75 * of('attack').length, told('attack').join('\n'))
})

test('answers in which people ask, order, warn and instruct each other pass, nine of ten', () => {
  const asked = of('harmless').filter(({ verdict }) => verdict !== 'allow').length
  const blocked = of('harmless').filter(({ verdict }) => verdict === 'block').length
  assert.ok(asked <= 5 && blocked <= 1, told('harmless').join('\n'))
})
