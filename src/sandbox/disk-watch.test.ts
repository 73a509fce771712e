import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryFolder } from '../../test/temporary.ts'
import { type DiskLimits, watchDisk } from './disk-watch.ts'

const skip = process.platform === 'linux' ? false : 'reads /proc'
const usual: Omit<DiskLimits, 'folders'> = { diskMiB: 1000, diskFiles: 100_000, fileMiB: 64, everyMs: 20 }

// It works a fifth of the time, as one that writes does: a file system that counts no files tells nothing else.
const working = 'setInterval(()=>{const e=Date.now()+10;while(Date.now()<e);},50);setTimeout(()=>process.exit(),60e3)'

function watched(limits: DiskLimits) {
  const child = spawn(process.execPath, ['-e', working], { stdio: 'ignore' })
  const reasons: string[] = []
  const unwatch = watchDisk(limits)(child.pid ?? 0, why => reasons.push(why))
  const end = () => {
    unwatch()
    child.kill('SIGKILL')
  }
  return { child, reasons, end }
}

const isGone = ({ signalCode }: ChildProcess) => signalCode === 'SIGKILL'

function fill(folder: string, count: number, bytes = 0): void {
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}`), Buffer.alloc(bytes, 1))
}

/** Writes on until it is so: others take away from the same disk meanwhile, and a server that goes on is stopped all the same. */
async function fillUntil(folder: string, isSo: () => boolean, { count = 40, bytes = 0 } = {}): Promise<void> {
  for (let i = 0; i < 200 && !isSo(); i++) {
    for (let j = 0; j < count; j++) writeFileSync(join(folder, `more-${i}-${j}`), Buffer.alloc(bytes, 1))
    await pause(20)
  }
  for (let i = 0; i < 500 && !isSo(); i++) await pause(20)
  assert.ok(isSo())
}

test('many files end a server, though none of them is large, and so does its next start until they are gone', {
  skip,
}, async () => {
  const folder = temporaryFolder()
  const limits = { ...usual, folders: [folder], diskFiles: 300 }
  const first = watched(limits)
  await pause(100)
  await fillUntil(folder, () => first.reasons.length > 0 && isGone(first.child))
  assert.match(first.reasons[0] ?? '', /^files: \d+ added in its folders, 300 allowed \(limits\.diskFiles\)$/u)
  const second = watched(limits)
  await fillUntil(folder, () => second.reasons.length > 0)
  rmSync(folder, { recursive: true })
  const other = temporaryFolder()
  const third = watched({ ...limits, folders: [other] })
  await pause(300)
  assert.deepEqual(third.reasons, [], 'other folders begin anew')
  for (const run of [first, second, third]) run.end()
})

test('a disk that fills quickly is asked more often than one that rests', {
  skip: skip || (existsSync('/dev/shm') ? false : 'needs a disk in memory, whose pace is not that of the machine'),
}, async () => {
  const folder = mkdtempSync('/dev/shm/sallyport-disk-')
  try {
    const run = watched({ ...usual, folders: [folder], diskMiB: 240, everyMs: 2000 })
    let mib = 0
    for (; mib < 360 && run.reasons.length === 0; mib += 4) {
      writeFileSync(join(folder, `${mib}`), Buffer.alloc(4 * 1024 * 1024, 1))
      await pause(50)
    }
    run.end()
    // At the slow pace the looks would fall on 160 MiB and on 320, or thereabouts.
    assert.match(run.reasons[0] ?? '', /^disk: \d+ MiB added/u)
    assert.ok(mib < 290, `${mib} MiB`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a server that has filled its folder before it is first looked at is ended all the same', { skip }, async () => {
  const folder = temporaryFolder()
  const watch = watchDisk({ ...usual, folders: [folder], diskMiB: 8, diskFiles: 300 })
  fill(folder, 20, 1024 * 1024)
  const child = spawn(process.execPath, ['-e', working], { stdio: 'ignore' })
  const reasons: string[] = []
  const unwatch = watch(child.pid ?? 0, why => reasons.push(why))
  await fillUntil(folder, () => reasons.length > 0, { count: 0 })
  assert.match(reasons[0] ?? '', /^disk: /u)
  unwatch()
})

test('large files end a server', { skip }, async () => {
  const folder = temporaryFolder()
  const run = watched({ ...usual, folders: [folder], diskMiB: 8 })
  await pause(100)
  await fillUntil(folder, () => run.reasons.length > 0, { count: 1, bytes: 1024 * 1024 })
  assert.match(run.reasons[0] ?? '', /^disk: \d+ MiB added in its folders, 8 allowed \(limits\.diskMiB\)$/u)
  run.end()
})

test('what others write on the same disk ends nobody', { skip }, async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
  const run = watched({ ...usual, folders: [folder], diskMiB: 8, diskFiles: 300 })
  await pause(100)
  fill(folder, 100)
  fill(elsewhere, 400, 50_000)
  await pause(500)
  assert.deepEqual(run.reasons, [])
  // The server's own are still counted from the first.
  await fillUntil(folder, () => run.reasons.length > 0)
  run.end()
})

test('a disk on which others take away as much as comes hides nothing', { skip, timeout: 50_000 }, async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
  fill(elsewhere, 3000)
  const work = 'const e=Date.now()+500;while(Date.now()<e);setInterval(()=>{},1e3)'
  const child = spawn(process.execPath, ['-e', work], { stdio: 'ignore' })
  const reasons: string[] = []
  watchDisk({ ...usual, folders: [folder], diskFiles: 300 })(child.pid ?? 0, why => reasons.push(why))
  await pause(100)
  for (let i = 0; i < 500; i++) {
    for (let j = 0; j < 6; j++) rmSync(join(elsewhere, `${6 * i + j}`))
    writeFileSync(join(folder, `${i}`), '')
  }
  for (let i = 0; i < 800 && reasons.length === 0; i++) await pause(20)
  assert.match(reasons[0] ?? 'not stopped', /^files: /u)
})
