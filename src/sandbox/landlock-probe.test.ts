import assert from 'node:assert/strict'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { tryLandlock } from './landlock-probe.ts'
import { probeMachine } from './probe.ts'

const machine = await probeMachine({ asksEngine: false })
const skip = machine.platform === 'linux' ? false : 'Landlock is a part of Linux'

test('a helper that only pretends is found out', { skip }, async () => {
  const folder = layOut({
    python3: '#!/bin/sh\necho abi=7 file=open environ=open write=open inet=open unix=open code=open\n',
  })
  const found = await tryLandlock({ ...machine, tools: { python3: `${folder}/python3` } })
  assert.ok(found?.ok === false)
  assert.equal(found.reason, 'leaks')
})

test('a helper that fails is no sandbox', { skip }, async () => {
  const folder = layOut({ python3: '#!/bin/sh\necho no >&2\nexit 126\n' })
  const found = await tryLandlock({ ...machine, tools: { python3: `${folder}/python3` } })
  assert.ok(found?.ok === false && found.detail === 'no')
})
