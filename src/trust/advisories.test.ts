import assert from 'node:assert/strict'
import test from 'node:test'
import { validRange } from 'semver'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { advisoriesOfNpmAudit, advisoriesOfOsv, checkAdvisories, readSnapshot } from './advisories.ts'
import { knownAdvisories } from './known-advisories.ts'

const now = Date.parse(knownAdvisories.takenAt)
const whole = { ...knownAdvisories, isComplete: true }

test('a package with a published flaw is named with it', proves('T5.audit'), () => {
  const { state, found } = checkAdvisories(
    [{ ecosystem: 'npm', name: 'mcp-remote', version: '0.1.15' }],
    knownAdvisories,
    now,
  )
  assert.deepEqual(
    [state, found.map(({ id, installed }) => [id, installed])],
    ['affected', [['CVE-2025-6514', '0.1.15']]],
  )
})

test('only a whole and fresh list clears a package; otherwise the answer is unknown', () => {
  const fine = [{ ecosystem: 'npm', name: 'mcp-remote', version: '0.1.16' } as const]
  assert.equal(checkAdvisories(fine, whole, now).state, 'clear')
  assert.equal(checkAdvisories(fine, whole, now + 15 * 86_400_000).state, 'unknown')
  assert.equal(checkAdvisories(fine, knownAdvisories, now).state, 'unknown')
  assert.equal(checkAdvisories(fine, undefined, now).state, 'unknown')
})

test('packages of PyPI are compared by their numbers, by name in their own ecosystem, or by the very version', () => {
  const state = (name: string, version: string, ecosystem: 'npm' | 'pypi' = 'pypi') =>
    checkAdvisories([{ ecosystem, name, version }], whole, now).state
  assert.deepEqual(
    [
      state('mcp', '1.9.0'),
      state('mcp', '1.28.1'),
      state('mcp', '1.22.0.post1'),
      state('mcp', '2.3'),
      state('mcp', '1.9.0', 'npm'),
    ],
    ['affected', 'clear', 'affected', 'clear', 'clear'],
  )
  const odd = { id: 'X', ecosystem: 'pypi', name: 'odd', vulnerable: '1!2.0rc1', severity: 'low', summary: '' } as const
  const list = { ...whole, advisories: [odd] }
  assert.equal(checkAdvisories([{ ecosystem: 'pypi', name: 'odd', version: '1!2.0rc1' }], list, now).state, 'affected')
})

test('a list that was asked for some packages clears no other', () => {
  const list = { ...whole, asked: ['npm:a@1.0.0'] }
  const state = (version: string) => checkAdvisories([{ ecosystem: 'npm', name: 'a', version }], list, now).state
  assert.deepEqual([state('1.0.0'), state('1.0.1')], ['clear', 'unknown'])
})

test('every shipped advisory has a range that can be read', () => {
  for (const { id, vulnerable } of knownAdvisories.advisories) assert.ok(validRange(vulnerable) !== null, id)
  assert.deepEqual(readSnapshot(JSON.stringify(knownAdvisories)), knownAdvisories)
})

test('files in the OSV format become advisories, with every stretch of versions', () => {
  const events = [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { last_affected: '2.1.0' }]
  const affected = [{ package: { ecosystem: 'npm', name: 'x' }, ranges: [{ type: 'SEMVER', events }] }]
  const osv = { id: 'GHSA-1', summary: 's', affected, database_specific: { severity: 'MODERATE' } }
  const [found] = advisoriesOfOsv(JSON.stringify(osv))
  assert.deepEqual([found?.vulnerable, found?.severity], ['>=0 <1.2.0 || >=2.0.0 <=2.1.0', 'medium'])
  const list = { ...whole, advisories: [found!] }
  const state = (version: string) => checkAdvisories([{ ecosystem: 'npm', name: 'x', version }], list, now).state
  assert.deepEqual(['1.1.0', '1.2.0', '2.0.5', '2.1.1'].map(state), ['affected', 'clear', 'affected', 'clear'])
  assert.deepEqual(advisoriesOfOsv(JSON.stringify({ ...osv, withdrawn: '2026-01-01' })), [])
})

test('the answer of npm audit is read, and no answer is not taken for none found', () => {
  const via = [{ title: 'Bad', url: 'https://github.com/advisories/GHSA-2' }]
  const answer = { vulnerabilities: { x: { severity: 'high', range: '<2.0.0', via } } }
  assert.deepEqual(
    advisoriesOfNpmAudit(JSON.stringify(answer))?.map(({ id, name }) => [id, name]),
    [['GHSA-2', 'x']],
  )
  assert.deepEqual(advisoriesOfNpmAudit('{"vulnerabilities":{}}'), [])
  for (const text of ['', '{}', '{"message":"not found"}', '<html>'])
    assert.equal(advisoriesOfNpmAudit(text), undefined)
})

test('no text breaks the readers', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      assert.ok(Array.isArray(advisoriesOfOsv(text)))
      readSnapshot(text)
      advisoriesOfNpmAudit(text)
    }),
  )
})
