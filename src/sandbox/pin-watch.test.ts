import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { mountPointsOf } from './mount-point.ts'
import { keptPlaces, watchPins } from './pin-watch.ts'
import type { RealPath } from './real-path.ts'

const skip = process.platform === 'linux' ? false : 'mounts are listed on Linux only'

test('kept are the pins, and what may only be read inside a folder that may be written', () => {
  const inside = { path: '/proj/app/out/docs', from: '/proj/app/out/docs' as RealPath }
  const plan = samplePlan({ code: ['/proj/app/out/server' as RealPath], read: [...samplePlan().read, inside] })
  assert.deepEqual(
    keptPlaces(plan).toSorted(),
    ['/proj/app/out/.git', '/proj/app/out/.git/hooks', '/proj/app/out/docs', '/proj/app/out/server'].toSorted(),
  )
  assert.deepEqual(keptPlaces({ ...plan, write: [], pins: [] }), [])
})

for (const [name, place, isEnded] of [
  ['one whose places are all there goes on', '/proc', false],
  ['one of whose places is free is ended, with the name of it', '/proc/nothing', true],
] as const)
  test(`of two servers, ${name}`, { skip }, async () => {
    assert.ok(mountPointsOf(process.pid)?.has('/proc'))
    const server = spawn('/bin/sh', ['-c', 'sleep 5 & wait'], { stdio: 'ignore' })
    const said: string[] = []
    const unwatch = watchPins([place], 'bwrap')(server.pid ?? 0, why => said.push(why))
    await Promise.race([once(server, 'exit'), new Promise(resolve => setTimeout(resolve, 700))])
    unwatch()
    assert.equal(server.signalCode === 'SIGKILL', isEnded)
    assert.match(said.join(), isEnded ? /^\/proc\/nothing was replaced while the server/u : /^$/u)
    if (!isEnded) server.kill('SIGKILL')
  })
