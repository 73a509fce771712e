import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { bytesOf, bytesOfTable, intsOf, partsOfTable, shortsOf, tableIn } from './stored-table.ts'

const mark = '0123456789abcdef'
const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })

test('what is read from a file is what was put there, wherever in memory the file was read', () => {
  fc.assert(
    fc.property(parts, fc.nat(9), (put, shift) => {
      const file = bytesOfTable(mark, put)
      const shifted = new Uint8Array(file.length + shift)
      shifted.set(file, shift)
      assert.deepEqual(
        tableIn(shifted.subarray(shift), mark)?.map(part => [...part]),
        put.map(part => [...part]),
      )
    }),
  )
})

test('a file of another build, and one that is shorter or longer than it says, is not taken', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 60 }), (put, by) => {
      const file = bytesOfTable(mark, put)
      assert.equal(tableIn(file, 'fedcba9876543210'), undefined)
      assert.equal(tableIn(file.subarray(0, Math.max(0, file.length - by)), mark), undefined)
      assert.equal(tableIn(new Uint8Array([...file, ...new Uint8Array(by)]), mark), undefined)
    }),
  )
})

test('bytes that are no table are not taken, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      const file = new Uint8Array([...new TextEncoder().encode(mark), ...bytes])
      const read = tableIn(file, mark)
      if (read !== undefined) assert.deepEqual([...bytesOfTable(mark, read)].length, file.length)
    }),
  )
})

test('numbers come back from their bytes as they were', () => {
  const [shorts, ints] = [Uint16Array.of(1, 65_535, 300), Int32Array.of(-1, 2 ** 30)]
  const [one, other] = tableIn(bytesOfTable(mark, [bytesOf(shorts), bytesOf(ints)]), mark) ?? []
  assert.deepEqual(shortsOf(one), shorts)
  assert.deepEqual(intsOf(other), ints)
})

test('where nothing was built, a table is made', () => {
  assert.deepEqual(partsOfTable({ name: 'none', make: () => [Uint8Array.of(7)] }), [Uint8Array.of(7)])
})
