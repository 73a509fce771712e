import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { effectsOf, type Tool } from '../core/capability.ts'
import type { AuditEvent } from '../core/port.ts'
import { type Permission, readPermission } from '../sandbox/permission.ts'
import { newEffectWatch } from './effect-watch.ts'

const mail = 'mail' as ServerName

function permission(value: unknown): Permission {
  const reading = readPermission(value, { cwd: '/proj', home: '/home/ann' })
  assert.ok(reading.ok)
  return reading.permission
}

const tool = (name: string): Tool => ({ name, definition: { name }, effects: effectsOf({ name }) })

function watched() {
  const events: Omit<AuditEvent, 'atMs' | 'tenant'>[] = []
  const said: string[] = []
  const watch = newEffectWatch({ record: event => void events.push(event), say: text => void said.push(text) })
  return { events, said, watch }
}

test('a tool that sends without a network is recorded and said once, and again only with something new', () => {
  const { events, said, watch } = watched()
  const [send, run] = [tool('send_mail'), tool('run_script')]
  watch.started(mail, permission({}))
  watch.listed(mail, [send])
  watch.listed(mail, [send])
  watch.listed(mail, [tool('send_mail')])
  assert.equal(events.length, 1)
  assert.deepEqual(events[0], {
    kind: 'server',
    server: 'mail',
    severity: 'low',
    details: {
      event: 'effects',
      allows: { 'net.hosts': 'none', 'files.write': [], children: 'none' },
      count: 1,
      findings: [{ rule: 'sandbox/effect-not-permitted', tool: 'send_mail', effect: 'send', needs: 'net.hosts' }],
    },
  })
  assert.deepEqual(said, [
    'mail: send_mail looks as if it sends, which needs net.hosts, and its permissions do not give that',
  ])
  watch.listed(mail, [send, run])
  watch.listed(mail, [send])
  watch.listed(mail, [send, run])
  assert.equal(events.length, 2)
  assert.match(said[1] ?? '', /^mail: run_script looks as if it runs programs/u)
  assert.doesNotMatch(said[1] ?? '', /send_mail/u)
})

test('many tools that need the same are one sentence, and each stands in the record', () => {
  const { events, said, watch } = watched()
  watch.started(mail, permission({}))
  watch.listed(
    mail,
    Array.from({ length: 40 }, (_, i) => tool(`send_mail_${i}`)),
  )
  assert.equal(events[0]?.details['count'], 40)
  assert.match(
    said.join(),
    /^mail: send_mail_0, .*send_mail_4 and 35 more look as if they send, which needs net\.hosts, and/u,
  )
  assert.doesNotMatch(said.join(), /;/u)
})

test('permissions that no tool needs are told with what they are', () => {
  const { events, said, watch } = watched()
  watch.started(mail, permission({ net: { hosts: ['smtp.example'] }, files: { write: ['./out'] } }))
  watch.listed(mail, [tool('show_clock')])
  assert.deepEqual(events[0]?.details['allows'], {
    'net.hosts': ['smtp.example'],
    'files.write': ['/proj/out'],
    children: 'none',
  })
  assert.equal(events[0]?.severity, 'medium')
  assert.match(said.join('\n'), /give net\.hosts, and none .* sends; its permissions give files\.write, and none/u)
})

test('a start with the same permissions tells nothing again, one with others does', () => {
  const { events, watch } = watched()
  for (const value of [{}, {}, { files: { read: ['./in'] } }]) {
    watch.started(mail, permission(value))
    watch.listed(mail, [tool('send_mail')])
  }
  assert.equal(events.length, 2)
})

test('of a server that was not started here nothing is told', () => {
  const { events, watch } = watched()
  watch.listed(mail, [tool('send_mail')])
  assert.deepEqual(events, [])
})

test('a server that invents tools without end fills neither the record nor the screen', () => {
  const { events, said, watch } = watched()
  watch.started(mail, permission({}))
  for (let list = 0; list < 30; list++) {
    const names = Array.from({ length: 100 }, (_, i) => tool(`send_${list}_${i}_${'x'.repeat(5000)}\u001b[2J`))
    watch.listed(mail, names)
  }
  assert.equal(events.length, 10)
  for (const { details } of events) assert.ok(JSON.stringify(details).length < 32_000)
  for (const text of said) {
    assert.ok(text.length < 2500, `${text.length}`)
    assert.ok(!text.includes('\u001b'))
  }
})

test('a key in the name of a tool is kept from the record and the screen', () => {
  const { events, said, watch } = watched()
  const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  watch.started(mail, permission({}))
  watch.listed(mail, [tool(`send ${secret}`)])
  assert.equal(events.length, 1)
  assert.ok(!JSON.stringify([events, said]).includes(secret))
})
