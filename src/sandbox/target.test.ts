import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { composeFile } from './compose.ts'
import { containerLaunch } from './container.ts'
import { firejailProfile } from './firejail.ts'
import type { Plan } from './plan.ts'
import type { RealPath } from './real-path.ts'
import { seatbeltProfile } from './seatbelt.ts'
import { systemdUnit } from './systemd.ts'
import { literalsOf, type Written, withheldOf } from './target.ts'

const image = { reference: `registry.example/node@sha256:${'a'.repeat(64)}`, uid: 1000, gid: 1000 }

function containerText(plan: Plan): Written {
  const compiled = containerLaunch(plan, '/usr/bin/docker', image)
  return compiled.ok ? { ...compiled, text: `${compiled.launch.args.join('\n')}\n` } : compiled
}

const targets: Readonly<Record<string, (plan: Plan) => Written>> = {
  'seatbelt.sb': plan => seatbeltProfile(plan),
  'systemd.service': systemdUnit,
  'firejail.profile': firejailProfile,
  'compose.yaml': plan => composeFile(plan, image),
  container: containerText,
}

function written(write: (plan: Plan) => Written, plan = samplePlan()) {
  const result = write(plan)
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

for (const [name, write] of Object.entries(targets)) {
  test(`${name}: the output is the one that was reviewed`, () => {
    const golden = new URL(`golden/${name}.txt`, import.meta.url)
    const { text, losses } = written(write)
    const all = `${text}\n--- not held\n${losses.join('\n')}\n`
    if (process.env['WRITE_GOLDEN'] === '1') writeFileSync(golden, all)
    assert.equal(all, readFileSync(golden, 'utf8'))
  })

  test(`${name}: no secret is written down, and each one left out is named`, () => {
    const { text, losses } = written(write)
    assert.ok(!text.includes('hunter2'))
    if (name !== 'container') assert.match(losses.join('\n'), /API_KEY/u)
  })

  test(`${name}: taking any one permission away changes the output`, () => {
    const full = written(write).text
    const less: Partial<Plan>[] = [{ read: [] }, { write: [] }, { code: [] }]
    for (const changes of less) assert.notEqual(written(write, samplePlan(changes)).text, full, JSON.stringify(changes))
    const { permission } = samplePlan()
    for (const key of ['openFiles', 'fileMiB', 'cpuSeconds'] as const) {
      const limits = { ...permission.limits, [key]: 7 }
      if (name === 'seatbelt.sb') continue
      assert.notEqual(written(write, samplePlan({ permission: { ...permission, limits } })).text, full, key)
    }
  })

  test(`${name}: hostile strings are refused or come out as one harmless word`, () => {
    const hostile = ['/a\nExecStartPre=/bin/sh', '/a\0b', '/a\r\nx']
    for (const path of hostile) {
      const read = [{ path, from: path as RealPath }]
      assert.equal(write(samplePlan({ read })).ok, false, JSON.stringify(path))
      assert.equal(write(samplePlan({ program: path })).ok, false, JSON.stringify(path))
    }
    for (const path of ['/a b', "/it's", '/100%', '/$HOME', '/a"b', '/a:b', '/a,b', '/a;b', '/a#b', '/a(b)']) {
      const result = write(samplePlan({ read: [{ path, from: path as RealPath }] }))
      if (result.ok) assert.ok(carries(name, result.text, path), `${path} became something else`)
    }
  })

  test(`${name}: hosts are a loss that is said, or a refusal; never silence`, () => {
    const result = write(samplePlan({ hosts: [{ name: 'api.example.com', port: 443 }] }))
    if (result.ok) assert.match(result.losses.join('\n'), /net\.hosts/u)
    else assert.match(result.reason, /dials/u)
  })
}

/** Whether the path stands in the file as one word, in the escaping of the file's own language. */
function carries(name: string, text: string, path: string): boolean {
  const spellings: Readonly<Record<string, string>> = {
    'seatbelt.sb': `(subpath "${path.replaceAll('"', '\\"')}")`,
    'systemd.service': path.replaceAll('%', '%%').replaceAll('"', '\\"'),
    'firejail.profile': `whitelist ${path}\n`,
    'compose.yaml': path.replaceAll('$', '$$$$'),
    container: `type=bind,source=${path},target=${path},readonly`,
  }
  const spelling = spellings[name] ?? path
  return (
    text.includes(spelling) || text.includes(spelling.replaceAll("'", "''")) || text.includes(JSON.stringify(spelling))
  )
}

test('an image without a digest is refused', () => {
  assert.equal(composeFile(samplePlan(), { ...image, reference: 'node:24' }).ok, false)
})

test('what may be written down and what is withheld are two halves of the environment', () => {
  const plan = samplePlan()
  assert.deepEqual(withheldOf(plan), ['API_KEY'])
  assert.deepEqual([...Object.keys(literalsOf(plan)), 'API_KEY'].sort(), Object.keys(plan.env).sort())
})
