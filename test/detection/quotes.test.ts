import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { inspectBody, textBody } from '../../src/gateway/inspect-text.ts'

// Texts that quote attacks, of many kinds, and attacks that pretend to quote. Every second kind was not looked at while
// the reading of quotations was made.
const rows = readFileSync(new URL('quotes.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => {
    const [what, kind, text = ''] = line.split('\t')
    const { verdict } = inspectBody(textBody('response', text.replaceAll('\\n', '\n')))
    return { what, kind, verdict }
  })

const of = (what: string) => rows.filter(row => row.what === what)
const count = (what: string, verdict: string) => of(what).filter(row => row.verdict === verdict).length
const told = (what: string) => of(what).map(({ kind, verdict }) => `${kind}: ${verdict}`)

test('articles, tests, lists and reports that quote attacks are hardly ever blocked', () => {
  assert.ok(count('quote', 'block') <= 0.05 * of('quote').length, told('quote').join('\n'))
})

test('who only pretends to quote is not let off', () => {
  assert.ok(count('pretend', 'block') >= 0.7 * of('pretend').length, told('pretend').join('\n'))
  assert.ok(count('pretend', 'allow') <= 0.12 * of('pretend').length, told('pretend').join('\n'))
})
