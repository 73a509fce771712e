import assert from 'node:assert/strict'
import test from 'node:test'
import { sequencesOf } from './sequence.ts'

function run(steps: readonly number[], hits: readonly (readonly [number, number, number])[], gap = 5): string[] {
  const out: string[] = []
  const sequences = sequencesOf([{ rule: 7, steps, gap }], 4)
  // What a text before left behind has no part in what is found.
  sequences.run([0, 0, 1, 1, 1, 2, 2, 2, 3], () => {})
  sequences.run(hits.flat(), (rule, [from, to]) => out.push(`${rule}:${from}-${to}`))
  return out
}

test('concepts in order and near each other are found', () => {
  assert.deepEqual(
    run(
      [0, 1, 2],
      [
        [0, 0, 3],
        [1, 5, 8],
        [3, 9, 10],
        [2, 12, 14],
      ],
    ),
    ['7:0-14'],
  )
})

test('too far, in another order, or overlapping is not found', () => {
  assert.deepEqual(
    run(
      [0, 1],
      [
        [0, 0, 3],
        [1, 9, 12],
      ],
    ),
    [],
  )
  assert.deepEqual(
    run(
      [0, 1],
      [
        [1, 0, 3],
        [0, 4, 6],
      ],
    ),
    [],
  )
  assert.deepEqual(
    run(
      [0, 1],
      [
        [0, 0, 5],
        [1, 3, 8],
      ],
    ),
    [],
  )
  assert.deepEqual(run([0, 0], [[0, 0, 3]]), [])
})

test('a nearer beginning replaces a farther one', () => {
  assert.deepEqual(
    run(
      [0, 1],
      [
        [0, 0, 3],
        [0, 20, 23],
        [1, 25, 28],
      ],
    ),
    ['7:20-28'],
  )
})
