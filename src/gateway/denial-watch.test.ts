import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import type { ServerConfig } from '../config/config.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { defaultsOf } from '../core/option.ts'
import type { AuditEvent } from '../core/port.ts'
import { readPermission } from '../sandbox/permission.ts'
import { newDenialWatch } from './denial-watch.ts'

const files = 'files' as ServerName

function watching(cwd: string, document: object = {}) {
  const events: Omit<AuditEvent, 'atMs' | 'tenant'>[] = []
  const said: string[] = []
  const watch = newDenialWatch({ record: event => void events.push(event), say: text => void said.push(text) })
  const reading = readPermission(document, { cwd, home: '/home/ann' })
  assert.ok(reading.ok)
  const server: ServerConfig = {
    name: files,
    connect: { kind: 'command', command: ['node'], cwd, env: new Map() },
    traits: { writers: 'unknown' },
    settings: defaultsOf(serverOptions),
    effects: new Map(),
    permissions: undefined,
  }
  const start = () => watch.started(server, { permission: reading.permission, source: 'configuration' })
  start()
  return { events, said, watch, start }
}

function answer(text: string, rest: JsonObject = {}, tool = 'read_note'): Message {
  const result = { content: [{ type: 'text', text }], isError: true, ...rest }
  return { server: files, from: 'server', body: { kind: 'tool.result', tool, args: {}, result } } as unknown as Message
}

test('a file that exists, and that the server says it was refused, is named with its line, once', async () => {
  const folder = layOut({ 'a.txt': 'a', 'given/b.txt': 'b' })
  const { events, said, watch, start } = watching(folder, { files: { read: [join(folder, 'given')] } })
  const [a, b] = [join(folder, 'a.txt'), join(folder, 'given/b.txt')]
  const text = `ENOENT: no such file or directory, open '${a}'\nENOENT: x, open '${b}'\nENOENT: x, open '${folder}/none'`
  watch.answered(answer(text))
  watch.answered(answer(text))
  await watch.settled()
  start()
  watch.answered(answer(text))
  await watch.settled()
  assert.equal(said.length, 1, said.join('\n'))
  assert.match(
    said[0] ?? '',
    /^files says that it was refused ".*a\.txt" \(ENOENT: no such file .*\); if it needs that/u,
  )
  assert.ok(said[0]?.endsWith(`add files.read: [${JSON.stringify(a)}] to servers.files.permissions`), said[0])
  const { details, severity, server } = events[0] ?? assert.fail()
  assert.deepEqual([severity, server, details['event'], details['what']], ['low', files, 'refused', 'read'])
  assert.equal(details['line'], `files.read: [${JSON.stringify(a)}]`)
})

test('a change that was refused in a folder that it may only read asks for that folder', async () => {
  const folder = layOut({ 'docs/a.txt': 'a' })
  const docs = join(folder, 'docs')
  const { said, watch } = watching(folder, { files: { read: [docs] } })
  watch.answered(answer(`EROFS: read-only file system, open '${docs}/a.txt'`))
  watch.answered(answer(`ENOENT: no such file or directory, open '${folder}/new.txt'`, {}, 'write_file'))
  await watch.settled()
  assert.equal(said.length, 2)
  assert.ok(said[0]?.includes(`files.write: [${JSON.stringify(docs)}]`), said[0])
  assert.ok(said[1]?.includes(`files.write: [${JSON.stringify(folder)}]`), said[1])
})

test('programs, errors of the protocol and the error output are heard too', async () => {
  const folder = layOut({ 'a.txt': '' })
  const { said, watch } = watching(folder)
  const error = { code: -32603, message: "EACCES: permission denied, open 'a.txt'" }
  watch.answered({ server: files, from: 'server', body: { kind: 'error', method: 'x', error } } as unknown as Message)
  watch.printed(files, 'Error: spawn cat ENOENT')
  watch.printed(files, "[Errno 2] No such file or directory: 'sallyport-no-such-program'")
  await watch.settled()
  assert.equal(said.length, 2, said.join('\n'))
  assert.ok(said[0]?.includes(`files.read: [${JSON.stringify(join(folder, 'a.txt'))}]`))
  assert.ok(said[1]?.includes('children: ["cat"]'))
})

test('a server cannot talk a person into giving keys, the system or a line of its own, nor forge a line', async () => {
  const folder = layOut({ 'a.txt': '' })
  const { said, events, watch } = watching(folder)
  const wanted = ['/etc/shadow', '/', '/proc/1/environ', '/run']
  for (const path of wanted.filter(existsSync)) watch.answered(answer(`ENOENT: open '${path}'`))
  watch.answered(answer(`ENOENT: \u001b[2J open '${folder}/a.txt'`))
  await watch.settled()
  assert.ok(said.length > 2)
  for (const text of said.slice(0, -1)) assert.match(text, /no document may give it/u)
  assert.ok(
    events.slice(0, -1).every(({ severity, details }) => severity === 'medium' && details['line'] === undefined),
  )
  assert.doesNotMatch(said.join(''), /\p{Cc}/u)
})

test('a success, a message of the client and a server that nobody started are not listened to', async () => {
  const folder = layOut({ 'a.txt': '' })
  const { said, watch } = watching(folder)
  const text = `ENOENT: open '${folder}/a.txt'`
  watch.answered(answer(text, { isError: false }))
  watch.answered({ ...answer(text), from: 'client' })
  watch.answered({ ...answer(text), server: 'other' as ServerName })
  watch.printed('other' as ServerName, text)
  await watch.settled()
  assert.deepEqual(said, [])
})

test('a server that says something else each time is told of so often, and no more', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `f${i}`)
  const folder = layOut(Object.fromEntries(names.map(name => [name, ''])))
  const { said, watch } = watching(folder)
  for (const name of names) {
    watch.answered(answer(`ENOENT: open '${join(folder, name)}'`))
    await watch.settled()
  }
  assert.equal(said.length, 20)
})

const skip = ['/usr/bin/bwrap', '/usr/sbin/nft'].every(existsSync) ? false : 'no sandbox here'

test('through the gateway: the line that is named is the one that is enough', { skip }, async () => {
  const folder = layOut({ 'notes/one.txt': 'the one note' })
  const note = join(folder, 'notes/one.txt')
  const server = new URL('../../test/fixtures/curious-server.ts', import.meta.url).pathname
  const called = async (options: readonly string[]) => {
    const words = ['exec', ...options, '--', process.execPath, server, JSON.stringify({ read: [note] })]
    return command(words, { folder, input: session, until: '"id":3' })
  }
  const refused = await called([])
  assert.match(refused.out, /ENOENT/u, refused.err)
  const [, option = '', value = ''] = /add (--\w+) (\S+) before --/u.exec(refused.err) ?? assert.fail(refused.err)
  assert.ok(!refused.out.includes('--read'), 'the model is told nothing of it')
  const record = await command(['audit', 'query', '--json'], { folder })
  assert.match(record.out, /"event":\s*"refused"/u, record.err)
  const given = await called([option, value])
  assert.match(given.out, /the one note/u, given.err)
  assert.doesNotMatch(given.err, /was refused/u)
})

const session = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
  { id: 3, method: 'tools/call', params: { name: 'translate', arguments: {} } },
]
  .map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('')
