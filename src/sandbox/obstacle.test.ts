import assert from 'node:assert/strict'
import test from 'node:test'
import { missing, obstacle, obstacleOf } from './obstacle.ts'

const free = { appArmorRestricts: false, userNamespacesMax: 10_000, unprivilegedAllowed: true }

test("bubblewrap's own words and the kernel's switches become a reason that stays, and a way out", () => {
  const cases = [
    ['bwrap: setting up uid map: Permission denied', { ...free, appArmorRestricts: true }, 'apparmor'],
    ['bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted', { ...free, appArmorRestricts: true }, 'apparmor'],
    ['bwrap: Creating new namespace failed: No space left on device', free, 'nested'],
    ['bwrap: Creating new namespace failed: x', { ...free, userNamespacesMax: 0 }, 'user-namespaces-off'],
    ['bwrap: No permissions to create a new namespace', { ...free, unprivilegedAllowed: false }, 'user-namespaces-off'],
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", free, 'nested'],
    ['bwrap: Unknown option --perms', free, 'too-old'],
    ['something else', free, 'failed'],
  ] as const
  for (const [text, switches, reason] of cases) {
    const found = obstacleOf(text, switches)
    assert.equal(found.reason, reason, text)
    assert.ok(found.wayOut.length > 10)
    assert.equal(found.detail, text)
  }
})

test('AppArmor is answered with its profile first, not with switching it off', () => {
  const { wayOut } = obstacle('apparmor', '')
  assert.ok(wayOut.indexOf('profile') < wayOut.indexOf('switching'))
  assert.ok(!wayOut.includes('unshare-net'))
})

test('a long detail is cut', () => {
  assert.equal(obstacle('failed', 'x'.repeat(10_000)).detail.length, 500)
})

test('what is missing is named with the command that installs it, not with another', () => {
  const { reason, detail, wayOut } = missing('prlimit', 'util-linux')
  assert.deepEqual([reason, detail], ['missing', 'prlimit was not found'])
  assert.match(wayOut, /apt install util-linux/u)
})
