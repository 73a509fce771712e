import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { messageOf, sceneOf } from '../../test/situation.ts'
import { layOut } from '../../test/temporary.ts'
import { defaultsOf } from '../core/option.ts'
import { inspect, pipelineOf } from '../core/pipeline.ts'
import { rate } from '../guards/rate.ts'
import { openKeptState } from './kept-state.ts'
import { newSharedMemory } from './shared-memory.ts'

const fail = (text: string) => assert.fail(text)

test('a principal that has used up its rate has not got a new one after a restart', t => {
  const path = join(layOut({}), 'state.sqlite')
  const options = { ...defaultsOf(rate.options), principalPerMinute: 3, sessionPerMinute: 1000 }
  const pipeline = pipelineOf([rate], { rate: options })
  const callIn = (memory: ReturnType<typeof newSharedMemory>) => {
    const scene = sceneOf({ shared: memory.values })
    const seen = inspect(pipeline, messageOf({ kind: 'resource.read', uri: 'a:b' }), { scene, share: 'all' })
    memory.absorb(seen.shared)
    return seen.findings.map(({ rule }) => rule)
  }
  const before = openKeptState(path, fail)
  const first = newSharedMemory(before.shared)
  assert.deepEqual(
    [1, 2, 3].flatMap(() => callIn(first)),
    [],
  )
  first.flush()
  before.close()
  const after = openKeptState(path, fail)
  t.after(() => after.close())
  assert.deepEqual(callIn(newSharedMemory(after.shared)), ['rate/exceeded'])
})

test('nothing is opened before it is used, and what cannot be written is said once', () => {
  const folder = layOut({ file: 'in the way' })
  const said: string[] = []
  const state = openKeptState(join(folder, 'file', 'state.sqlite'), text => said.push(text))
  assert.deepEqual(said, [])
  assert.deepEqual([...state.shared.load()], [])
  assert.equal(state.shared.save([{ key: 'a', value: 1 }]), false)
  state.tasks.set('a', 1, 1000)
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /forgotten at a restart/u)
  state.close()
  assert.ok(!existsSync(join(folder, 'state.sqlite')))
})
