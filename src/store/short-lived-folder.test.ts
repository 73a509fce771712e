import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { shortLivedFolder } from './short-lived-folder.ts'

test('a folder is gone when its work is done, with all that lies in it, and nobody listens for signals any more', () => {
  const before = process.listenerCount('SIGINT')
  const [one, two] = [shortLivedFolder('sallyport-test-a-'), shortLivedFolder('sallyport-test-b-')]
  writeFileSync(join(one.path, 'file'), '')
  assert.equal(process.listenerCount('SIGINT'), before + 1)
  one.remove()
  two.remove()
  assert.deepEqual([existsSync(one.path), existsSync(two.path)], [false, false])
  assert.equal(process.listenerCount('SIGINT'), before)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends a process as it always does, and leaves none of its folders behind`, async () => {
    const folder = temporaryFolder()
    const module = join(import.meta.dirname, 'short-lived-folder.ts')
    const script = `
      import { shortLivedFolder } from ${JSON.stringify(module)}
      import { writeFileSync } from 'node:fs'
      for (const name of ['a-', 'b-']) writeFileSync(shortLivedFolder(name).path + '/file', '')
      process.stdout.write('there')
      setInterval(() => {}, 1000)`
    const words = ['--input-type=module-typescript', '-e', script]
    const child = spawn(process.execPath, words, { env: { ...process.env, TMPDIR: folder, NODE_NO_WARNINGS: '1' } })
    await once(child.stdout, 'data')
    assert.equal(readdirSync(folder).length, 2)
    child.kill(signal)
    const [, by] = await once(child, 'exit')
    assert.equal(by, signal)
    assert.deepEqual(readdirSync(folder), [])
  })
