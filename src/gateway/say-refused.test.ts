import assert from 'node:assert/strict'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import { readPermission } from '../sandbox/permission.ts'
import { type Held, sayRefused } from './say-refused.ts'

function held(document: object = {}): Held {
  const reading = readPermission(document, { cwd: '/proj', home: '/home/ann' })
  assert.ok(reading.ok)
  return {
    server: 'notes' as ServerName,
    permission: reading.permission,
    source: 'configuration',
    command: ['node'],
    told: new Set(),
  }
}

type Wanted = 'read' | 'write' | 'start' | 'name'

async function saidOf(what: string, want: Wanted = 'read', document: object = {}) {
  const said: string[] = []
  const refusal =
    want === 'name' ? ({ want: 'read', what, isBare: true, words: 'w' } as const) : { want, what, words: 'w' }
  await sayRefused(held(document), [refusal], {
    record: () => {},
    say: text => void said.push(text),
  })
  return said.join('\n')
}

test('what is missing on this machine too is not the sandbox, and nothing is said of it', async () => {
  const folder = layOut({ 'plain.txt': '' })
  assert.equal(await saidOf(join(folder, 'none')), '')
  assert.equal(await saidOf(join(folder, 'none/none'), 'write'), '')
  assert.equal(await saidOf('sallyport-no-such-program', 'start'), '')
  chmodSync(join(folder, 'plain.txt'), 0o644)
  assert.equal(await saidOf(join(folder, 'plain.txt'), 'start'), '', 'a file that is no program')
})

test('a link is judged by where it leads', async () => {
  const folder = layOut({})
  symlinkSync('/etc', join(folder, 'docs'))
  assert.match(await saidOf(join(folder, 'docs')), /no document may give it: it leads to "\/etc"/u)
})

test('programs are named as the document names them, and not where any may be started', async () => {
  assert.match(await saidOf('/usr/bin/env', 'start'), /add children: \["env"\]/u)
  assert.match(await saidOf('/usr/bin/env'), /add children: \["env"\]/u)
  assert.match(await saidOf('/proj/env', 'name'), /add children: \["env"\]/u, 'as Python names it')
  assert.equal(await saidOf('/proj/env'), '', 'a path that nobody has is no program of that name elsewhere')
  assert.equal(await saidOf('/usr/bin/env', 'start', { children: 'any' }), '')
  assert.equal(await saidOf('/usr/bin/env', 'start', { children: ['env'] }), '')
})

test('whoever has a preset is told where to begin, since what is written takes its place', async () => {
  const folder = layOut({ 'a.txt': '' })
  const said: string[] = []
  const ports = { record: () => {}, say: (text: string) => void said.push(text) }
  const refusals = [{ want: 'read', what: join(folder, 'a.txt'), words: 'w' }] as const
  await sayRefused({ ...held(), source: 'preset x' }, refusals, ports)
  assert.match(said.join(), /\(begin from: sallyport sandbox print notes -t document\)$/u)
})

test('a secret in a path is not repeated', async () => {
  const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  const folder = layOut({ [secret]: '' })
  const said = await saidOf(join(folder, secret))
  assert.match(said, /was refused/u)
  assert.ok(!said.includes(secret))
})

test('whoever gives permissions by options of exec is told the option, in words that a shell takes', async () => {
  const folder = layOut({ "a b'c.txt": '', 'plain.txt': '' })
  const said: string[] = []
  const ports = { record: () => {}, say: (text: string) => void said.push(text), grants: 'options' as const }
  for (const name of ["a b'c.txt", 'plain.txt'])
    await sayRefused(held(), [{ want: 'read', what: join(folder, name), words: 'w' }], ports)
  await sayRefused({ ...held(), source: 'preset x' }, [{ want: 'start', what: '/usr/bin/env', words: 'w' }], ports)
  assert.ok(said[0]?.endsWith(`add --read '${folder}/a b'\\''c.txt' before -- to the words of sallyport exec`), said[0])
  assert.ok(said[1]?.endsWith(`add --read ${folder}/plain.txt before -- to the words of sallyport exec`), said[1])
  assert.match(said[2] ?? '', /add --child env before --.*options take the place of the preset x/u)
})
