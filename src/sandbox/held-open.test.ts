import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { heldOpen } from './held-open.ts'

const skip = process.platform === 'linux' ? false : 'reads /proc'

test('a file that no folder shows any more counts while it is open, and no longer', { skip }, () => {
  const folder = temporaryFolder()
  const devices = new Set([statSync(folder).dev])
  const path = join(folder, 'a')
  const before = heldOpen([process.pid], devices, 1)
  const file = openSync(path, 'w')
  const again = openSync(path, 'r')
  writeSync(file, 'x'.repeat(40_000))
  assert.deepEqual(heldOpen([process.pid], devices, 1), before, 'it is still in its folder')
  rmSync(path)
  const { files, bytes } = heldOpen([process.pid], devices, 1)
  assert.equal(files - before.files, 1, 'once, however often it is open')
  assert.ok(bytes - before.bytes >= 40_000)
  assert.deepEqual(heldOpen([process.pid], new Set([1]), 1).files, 0, 'another disk')
  closeSync(file)
  closeSync(again)
  assert.deepEqual(heldOpen([process.pid], devices, 1), before)
})

const python = '/usr/bin/python3'
const hasPython = !skip && existsSync(python)

test('a file that is only in memory counts as the largest that may be', {
  skip: hasPython ? false : 'needs python3',
}, async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'a b')
  writeFileSync(path, 'x'.repeat(10_000))
  // Python's own mapping would keep the descriptor, so the C library is asked.
  const code = `import ctypes,os,sys
f=os.open(sys.argv[1],os.O_RDWR); c=ctypes.CDLL(None); c.mmap(None,4096,1,1,f,ctypes.c_long(0)); os.close(f); os.remove(sys.argv[1])
print(1,flush=True); sys.stdin.read()`
  const child = spawn(python, ['-c', code, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const found = heldOpen([child.pid ?? 0], new Set([statSync(folder).dev]), 7_000_000)
    assert.deepEqual(found, { files: 1, bytes: 7_000_000, isWhole: true })
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
})

const asOther = process.getuid?.() === 0 ? { uid: 64_243, gid: 64_243 } : {}
for (const [name, code] of [
  ['that closed itself to others', 'c.prctl(4,0)'],
  ['with a file on its way through a socket', 's.sendmsg([b"x"],[(1,1,array.array("i",[0]))])'],
] as const)
  test(`of a process ${name}, nobody says that it was looked at whole`, {
    skip: hasPython ? false : 'needs python3',
  }, async () => {
    const program = `import array,ctypes,socket,sys
c=ctypes.CDLL(None); s,t=socket.socketpair(); ${code}; print(1,flush=True); sys.stdin.read()`
    const child = spawn(python, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', ...asOther })
    try {
      await once(child.stdout, 'data')
      const look = `import { heldOpen } from ${JSON.stringify(new URL('held-open.ts', import.meta.url).href)}
        console.log(heldOpen([${child.pid}, process.pid], new Set(), 1).isWhole, heldOpen([process.pid], new Set(), 1).isWhole)`
      const looker = spawn(process.execPath, ['--input-type=module', '-e', look], {
        ...asOther,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      assert.equal(String((await once(looker.stdout, 'data'))[0]).trim(), 'false true')
    } finally {
      child.stdin.end()
      await once(child, 'exit')
    }
  })
