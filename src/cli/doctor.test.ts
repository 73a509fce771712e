import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { examine } from './doctor.ts'

test('on a machine with a sandbox the doctor finds nothing wrong', async t => {
  const kept = process.env['SALLYPORT_STATE']
  process.env['SALLYPORT_STATE'] = mkdtempSync(join(tmpdir(), 'doctor-'))
  t.after(() => {
    rmSync(process.env['SALLYPORT_STATE'] ?? '', { recursive: true, force: true })
    if (kept === undefined) delete process.env['SALLYPORT_STATE']
    else process.env['SALLYPORT_STATE'] = kept
  })
  const checks = await examine()
  const sandbox = checks[0]
  if (sandbox?.state !== 'passed') return t.skip(`no sandbox here: ${sandbox?.detail}`)
  assert.deepEqual(
    checks.filter(({ state }) => state !== 'passed'),
    [],
  )
  assert.equal(checks.length, 11)
  assert.match(sandbox.detail, /^tier full, by bubblewrap/u)
})
