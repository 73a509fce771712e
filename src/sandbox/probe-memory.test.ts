import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import type { Machine } from './machine.ts'
import type { Switches } from './obstacle.ts'
import { probeMachine } from './probe.ts'
import { circumstancesOf, type Full, probeMemory, type Tried } from './probe-memory.ts'

const onLinux = { skip: process.platform !== 'linux' }
const switches: Switches = { appArmorRestricts: false, userNamespacesMax: 1000, unprivilegedAllowed: true }
const full: Full = {
  bubblewrap: {
    ok: true,
    version: '0.8.0',
    canDisableUserNamespaces: true,
    canSizeTmpfs: true,
    canBindDescriptors: true,
    layers: ['seccomp'],
  },
  canBeAnother: false,
}
const tried: Tried = { full }
const locked: Tried = { landlock: { ok: true, abi: 7, python: '/usr/bin/python3.11' } }

function fresh(nowMs = 1000) {
  const path = join(temporaryFolder(), 'state', 'sandbox-probe.json')
  const clock = { nowMs }
  return { path, clock, memory: probeMemory(path, () => clock.nowMs) }
}

test('what was tried is recalled under the same circumstances, within the hour, and under no others', onLinux, () => {
  const { memory, clock, path } = fresh()
  assert.equal(memory.recall('a'), undefined)
  memory.keep('a', tried)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(memory.recall('a'), tried)
  assert.equal(memory.recall('b'), undefined)
  clock.nowMs += 3_599_999
  assert.deepEqual(memory.recall('a'), tried)
  clock.nowMs += 1
  assert.equal(memory.recall('a'), undefined)
  clock.nowMs = 0
  assert.equal(memory.recall('a'), undefined, 'a clock that went back proves nothing')
})

test('a memory that others may write, or that says something else, is not believed', onLinux, () => {
  const { memory, path } = fresh()
  memory.keep('a', tried)
  const good = readFileSync(path, 'utf8')
  chmodSync(path, 0o666)
  assert.equal(memory.recall('a'), undefined)
  chmodSync(path, 0o600)
  for (const text of [
    '',
    '[]',
    'null',
    good.slice(0, -5),
    good.replace('"ok":true', '"ok":false'),
    good.replace('"ok":true', '"ok":1'),
    good.replace('"canSizeTmpfs":true', '"canSizeTmpfs":"yes"'),
    good.replace('["seccomp"]', '"seccomp"'),
    good.replace('"canBeAnother":false', '"x":0'),
    good.replace('"atMs":1000', '"atMs":null'),
  ]) {
    writeFileSync(path, text)
    assert.equal(memory.recall('a'), undefined, text)
  }
  writeFileSync(path, good)
  assert.deepEqual(memory.recall('a'), tried)
  for (const text of [good.replace('full', 'landlock'), '{"circumstances":"a","landlock":{"atMs":1000,"ok":true}}']) {
    writeFileSync(path, text)
    assert.equal(memory.recall('a'), undefined, text)
  }
})

test('each trial has its own age: one that is made later does not make the other younger', onLinux, () => {
  const { memory, clock } = fresh()
  memory.keep('a', tried)
  clock.nowMs += 3_000_000
  memory.keep('a', locked)
  assert.deepEqual(memory.recall('a'), { ...tried, ...locked })
  clock.nowMs += 600_000
  assert.deepEqual(memory.recall('a'), locked)
  memory.keep('b', tried)
  assert.deepEqual(memory.recall('b'), tried, 'what was tried elsewhere is not taken over')
})

test('another tool in the place of one, another user or another switch are other circumstances', onLinux, async () => {
  const folder = layOut({ bwrap: '#!/bin/sh\n', prlimit: '#!/bin/sh\n' })
  const machine = await probeMachine({ asksEngine: false, toolFolders: [folder] })
  const before = circumstancesOf(machine, switches)
  assert.equal(circumstancesOf(machine, switches), before)
  const others: [Machine, Switches][] = [
    [{ ...machine, uid: machine.uid + 1 }, switches],
    [{ ...machine, tools: {} }, switches],
    [machine, { ...switches, unprivilegedAllowed: false }],
    [machine, { ...switches, userNamespacesMax: 0 }],
  ]
  for (const [other, switched] of others) assert.notEqual(circumstancesOf(other, switched), before)
  const path = join(folder, 'bwrap')
  const { atime, mtime } = statSync(path)
  writeFileSync(path, '#!/bin/zh\n')
  // The same size and the old time: only what the kernel notes by itself tells it.
  utimesSync(path, atime, mtime)
  assert.notEqual(circumstancesOf(machine, switches), before)
})

test('a trial that failed is made again, one that held is not', onLinux, async () => {
  const { memory, path } = fresh()
  const folder = layOut({ bwrap: '#!/bin/sh\nexit 1\n', prlimit: '#!/bin/sh\n' })
  const first = await probeMachine({ asksEngine: false, toolFolders: [folder], memory })
  assert.equal(first.bubblewrap.ok, false)
  assert.equal(existsSync(path), false)
  const here = await probeMachine({ asksEngine: false, memory: probeMemory(path) })
  if (!here.bubblewrap.ok) return
  let trials = 0
  const counted = { ...probeMemory(path), keep: () => void trials++ }
  const again = await probeMachine({ asksEngine: false, memory: counted })
  assert.equal(trials, 0)
  assert.deepEqual(again, here)
})

test('Landlock that held is remembered too, and tried only where it is asked for', onLinux, async () => {
  const { path } = fresh()
  const without = await probeMachine({ asksEngine: false, memory: probeMemory(path) })
  if (!without.bubblewrap.ok) return
  assert.equal(without.landlock, undefined)
  const asked = await probeMachine({ asksEngine: false, asksLandlock: true, memory: probeMemory(path) })
  assert.notEqual(asked.landlock, undefined)
  if (asked.landlock?.ok !== true) return
  let trials = 0
  const counted = { ...probeMemory(path), keep: () => void trials++ }
  const again = await probeMachine({ asksEngine: false, asksLandlock: true, memory: counted })
  assert.equal(trials, 0)
  assert.deepEqual(again, asked)
})
