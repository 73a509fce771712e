import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { systemdUnit } from './systemd.ts'

const version = Number(
  /systemd (\d+)/u.exec(spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1],
)
const skip = version >= 250 ? false : 'no systemd-analyze 250 or newer'

function inFile<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-unit-'))
  try {
    const path = join(folder, 'sample.service')
    writeFileSync(path, text)
    return use(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function unit(): string {
  const written = systemdUnit(samplePlan({ program: '/usr/bin/env' }))
  assert.ok(written.ok)
  return written.text
}

test('systemd finds nothing wrong with a unit', { skip }, () => {
  const ran = inFile(unit(), path => spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' }))
  assert.equal(ran.status, 0, ran.stderr)
  assert.doesNotMatch(ran.stderr, /Unknown|Failed to parse|ignoring/u)
})

test('systemd scores its exposure at most 1.0 of 10', { skip }, () => {
  const words = ['security', '--offline=true', '--threshold=10']
  const ran = inFile(unit(), path => spawnSync('systemd-analyze', [...words, path], { encoding: 'utf8' }))
  assert.equal(ran.status, 0, ran.stdout.slice(-2000))
  const score = Number(/exposure level for .*: ([0-9.]+)/u.exec(ran.stdout)?.[1])
  assert.ok(score <= 1, `${score}`)
})

test('without its hardening the same unit would fail that test', { skip }, () => {
  const bare = unit().replaceAll(/^(?:Protect|Private|Restrict|System|Capability|NoNew|IPAddress|Dynamic).*$/gmu, '')
  const words = ['security', '--offline=true', '--threshold=10']
  const ran = inFile(bare, path => spawnSync('systemd-analyze', [...words, path], { encoding: 'utf8' }))
  assert.notEqual(ran.status, 0)
})

test('percent and dollar signs reach the program as they are', () => {
  const written = systemdUnit(samplePlan({ args: ['100%', '$HOME', 'a b', 'q"q'] }))
  assert.ok(written.ok)
  assert.match(written.text, /^ExecStart=\/opt\/node\/bin\/node 100%% "\$\$HOME" "a b" "q\\"q"$/mu)
})
