import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { lastKnown, systemCalls } from './system-call.ts'

const headers = { x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', arm64: '/usr/include/asm-generic/unistd.h' }

for (const [architecture, header] of Object.entries(headers)) {
  const skip = existsSync(header) ? false : `no ${header}: kernel headers are not installed`
  test(`the numbers of ${architecture} are those of the kernel's header`, { skip }, () => {
    const numbers = new Map(
      [...readFileSync(header, 'utf8').matchAll(/^#define\s+__NR(?:3264)?_(\w+)\s+(\d+)\s*$/gmu)].map(
        ([, name, number]) => [name, Number(number)],
      ),
    )
    let compared = 0
    for (const [name, ours] of Object.entries(systemCalls)) {
      const [our, theirs] = [Object.entries(ours).find(([key]) => key === architecture)?.[1], numbers.get(name)]
      // An old header does not know the newest calls; a call that we leave out must not exist.
      if (theirs === undefined && (our === undefined || our > 450)) continue
      assert.equal(our, theirs, name)
      compared++
    }
    assert.ok(compared > 60, `${compared} compared`)
  })
}

test('every number stands within the table that the filter calls known', () => {
  for (const [name, numbers] of Object.entries(systemCalls))
    for (const number of Object.values(numbers)) assert.ok(number <= lastKnown, name)
})
