import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { inspectBody, textBody } from '../../src/gateway/inspect-text.ts'
import { proves } from '../guide/proves.ts'

// Written before the claims were, never trained: a family is what a poisoned description wants, or how an honest one
// comes near it.
const rows = readFileSync(new URL('descriptions.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => {
    const [kind, family, text = ''] = line.split('\t')
    return { kind, family, verdict: inspectBody(textBody('description', text)).verdict }
  })

const of = (kind: string) => rows.filter(row => row.kind === kind)
const told = (kind: string) => of(kind).map(({ family, verdict }) => `${family}: ${verdict}`)

test('of poisoned descriptions in wordings that never trained, four of five are told', proves('T2.filter'), () => {
  const found = of('poison').filter(({ verdict }) => verdict !== 'allow').length
  assert.ok(found >= 0.8 * of('poison').length, told('poison').join('\n'))
})

test('honest descriptions that order, warn, insist and speak of secrets pass', () => {
  const asked = of('honest').filter(({ verdict }) => verdict !== 'allow').length
  const blocked = of('honest').filter(({ verdict }) => verdict === 'block').length
  assert.ok(asked <= 0.05 * of('honest').length && blocked === 0, told('honest').join('\n'))
})
