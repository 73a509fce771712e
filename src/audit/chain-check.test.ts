import assert from 'node:assert/strict'
import test from 'node:test'
import { callEvent } from '../../test/audit/recorded.ts'
import { encode, genesis } from './chain.ts'
import { ChainCheck, type Fault } from './chain-check.ts'

const chain = '20261122T171220123-abcd'

function lines(count: number): string[] {
  let head = genesis(chain)
  return Array.from({ length: count }, (_, n) => {
    const next = encode(callEvent(n), head)
    head = next.head
    return next.line.trimEnd()
  })
}

function check(texts: readonly string[], isLastWhole = true): { faults: Fault[]; records: number } {
  const faults: Fault[] = []
  const chainCheck = new ChainCheck(chain, { verifier: undefined, isOpen: false, faults })
  chainCheck.beginFile({ chain, number: 1, path: 'a', name: 'a' })
  for (const [i, text] of texts.entries())
    chainCheck.line({ number: i + 1, text, end: 0, isWhole: isLastWhole || i < texts.length - 1 })
  return { faults, records: chainCheck.finish('a').records }
}

test('after a fault the rest is compared with what was found, so one fault is told once', () => {
  const whole = lines(20)
  assert.deepEqual(check(whole), { faults: [], records: 20 })
  const { faults, records } = check(whole.toSpliced(7, 3).with(2, 'x'))
  assert.deepEqual(
    faults.map(({ what, line }) => [what, line]),
    [
      ['unreadable', 3],
      ['removed', 8],
    ],
  )
  assert.equal(records, 16)
})

test('half a last line is torn', () => {
  const { faults } = check([...lines(3), '{"chain_uid":"2026'], false)
  assert.deepEqual(
    faults.map(({ what, line }) => [what, line]),
    [['torn', 4]],
  )
})
