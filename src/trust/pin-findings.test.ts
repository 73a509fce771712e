import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { Finding } from '../core/finding.ts'
import { accept, noPins, see } from './pin.ts'
import { foundBefore, foundIn } from './pin-findings.ts'
import { sightOf } from './surface-item.ts'

const message = messageOf({ kind: 'server.surface', part: 'tools', items: [{ name: 'a' }, { name: 'b' }] })
const sight = sightOf(message) ?? assert.fail()
const finding = (rule: string, at: string, rest: Partial<Finding> = {}): Finding => ({
  rule,
  at,
  severity: 'high',
  confidence: 'likely',
  facts: {},
  ...rest,
})
const found = (...findings: Finding[]) => foundIn(sight, message, findings).map(one => one.found)

test('a finding counts against the item that it was found in, anything vaguer against all', () => {
  assert.deepEqual(found(finding('injection/x', '/result/tools/1/description')), [[], ['injection/x']])
  assert.deepEqual(found(finding('guard/failed', '')), [['guard/failed'], ['guard/failed']])
  assert.deepEqual(found(finding('injection/x', '/result/nextCursor')), [['injection/x'], ['injection/x']])
})

test('weak findings, and findings about who and how much, count against nothing', () => {
  const at = '/result/tools/0'
  assert.deepEqual(
    found(
      finding('injection/x', at, { severity: 'medium' }),
      finding('injection/x', at, { confidence: 'possible' }),
      finding('allowlist/hidden', at),
      finding('pins/new', at),
    ),
    [[], []],
  )
})

const described = (description: string) =>
  messageOf({ kind: 'server.surface', part: 'tools', items: [{ name: 'a' }, { name: 'b', description }] })

/** A person accepted `b` although a guard had found `injection/x` in it. */
function accepted() {
  const message = described('one')
  const seen = sightOf(message) ?? assert.fail()
  const findings = [finding('injection/x', '/result/tools/1/description')]
  const now = { ...seen, sightings: foundIn(seen, message, findings), trust: 'scan', atMs: 1 } as const
  const pins = see(noPins, now)
  const hash = pins.items.get('tools/b')?.waiting?.hash ?? assert.fail()
  return accept(pins, { key: 'tools/b', hash, by: 'ann', atMs: 2 }) ?? assert.fail()
}

function set(description: string, ...findings: Finding[]): readonly string[] {
  const message = described(description)
  const seen = sightOf(message) ?? assert.fail()
  return foundBefore(accepted(), seen, { root: message.root, findings }).map(({ rule, at }) => `${rule} ${at}`)
}

test('what a person accepted in spite of a finding is not found there again', () => {
  const at = '/result/tools/1/description'
  assert.deepEqual(set('one', finding('injection/x', at)), [`injection/x ${at}`])
  assert.deepEqual(set('two', finding('injection/x', at)), [], 'in another definition it counts')
  assert.deepEqual(set('one', finding('injection/y', at)), [], 'what the person did not see counts')
  assert.deepEqual(set('one', finding('injection/x', '/result/tools/0')), [], 'in another tool it counts')
  assert.deepEqual(set('one', finding('injection/x', '/result')), [], 'in no tool at all it counts')
  assert.deepEqual(set('one', finding('guard/failed', at), finding('pins/changed', at)), [])
})

test('what guards learn to find later in something accepted waits for a person once more', () => {
  const message = described('one')
  const seen = sightOf(message) ?? assert.fail()
  const next = (rule: string) => {
    const sightings = foundIn(seen, message, [finding(rule, '/result/tools/1')])
    return see(accepted(), { ...seen, sightings, trust: 'scan', atMs: 3 }).items.get('tools/b')
  }
  assert.equal(next('injection/x')?.waiting, undefined)
  assert.deepEqual(next('injection/y')?.waiting?.found, ['injection/y'])
})
