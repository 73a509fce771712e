import assert from 'node:assert/strict'
import test from 'node:test'
import { classifyAddress } from '../core/address.ts'
import { createNameTable } from './name-table.ts'

test('a name keeps its address, and the address its name', () => {
  const table = createNameTable()
  const address = table.addressOf('a.example', true)!
  assert.equal(classifyAddress(address), 'benchmark')
  assert.equal(table.addressOf('a.example', true), address)
  assert.equal(table.nameOf(address), 'a.example')
  assert.equal(table.nameOf('198.18.0.1'), undefined)
})

test('asking for very many names ends in no address, and takes none from those that are declared', () => {
  const table = createNameTable()
  const got = Array.from({ length: 3000 }, (_, i) => table.addressOf(`n${i}.evil.example`, false))
  assert.equal(got.filter(address => address !== undefined).length, 1024)
  assert.notEqual(table.addressOf('good.example', true), undefined)
  const declared = Array.from({ length: 9000 }, (_, i) => table.addressOf(`n${i}.wild.example`, true))
  const all = [...got, ...declared].filter(address => address !== undefined)
  assert.equal(new Set(all).size, all.length)
  assert.equal(declared.at(-1), undefined)
})
