import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'
import { command } from '../../test/fixtures/command.ts'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import { callsIn, documentText } from './sandbox-learn.ts'

const tools = ['strace', 'bwrap', 'nft'].filter(
  name => !['/usr/bin', '/usr/sbin'].some(at => existsSync(join(at, name))),
)
const skip = tools.length === 0 ? false : `missing: ${tools.join(', ')}`
const server = new URL('../../test/fixtures/curious-server.ts', import.meta.url).pathname

test('a server is learnt by refusing it, until what it was given is enough', {
  skip,
  ...proves('E.attest'),
}, async () => {
  const folder = layOut({ 'data/one.txt': 'one', 'out/': '', 'other/two.txt': 'two' })
  const [one, two, out] = [join(folder, 'data/one.txt'), join(folder, 'other/two.txt'), join(folder, 'out')]
  const wishes = {
    read: [one, '/root/.ssh/id_rsa'],
    write: [join(out, 'y')],
    start: ['git'],
    fetch: ['https://api.example/x'],
  }
  const learn = ['sandbox', 'learn', '-o', 'learnt.yaml', '--', process.execPath, server, JSON.stringify(wishes)]
  const learnt = await command(learn, { folder })
  assert.equal(learnt.code, 0, learnt.err)
  const text = readFileSync(join(folder, 'learnt.yaml'), 'utf8')
  const document = parse(text)
  assert.deepEqual(document.files.write, [out], text)
  assert.ok(document.files.read.includes(one) && !document.files.read.includes(two), text)
  assert.deepEqual([document.net.hosts, document.children], [['api.example:443'], ['git']], text)
  assert.match(text, /one\.txt" # open\w* O_RDONLY\S*: ENOENT/u)
  assert.match(text, /# left out: files\.read "\/root\/\.ssh\/id_rsa"/u)
  assert.equal(existsSync(join(out, 'y')), false, 'what it wrote while it was learnt is nowhere')

  // The same server, held to what was learnt, does nothing new; with one more wish it drifts, and that is on record.
  const { command: _, ...permissions } = document
  const configured = (more: object) => {
    const args = [process.execPath, server, JSON.stringify({ ...wishes, ...more })]
    const files = { curious: { command: args, why: 'a test', permissions } }
    writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify({ version: 1, servers: files }))
    return command(['sandbox', 'drift', 'curious', '-c', 'sallyport.yaml'], { folder })
  }
  const same = await configured({ read: [one] })
  assert.deepEqual([same.code, same.out], [0, ''], same.err)
  const later = await configured({ read: [one, two], fetch: ['https://evil.example/steal'] })
  assert.equal(later.code, 1, later.err)
  assert.match(later.out, /^read ".*two\.txt" \(open.*\); to allow it, add files\.read: \[".*two\.txt"\]$/mu)
  assert.match(later.out, /^host "evil\.example:443"/mu)
  const record = await command(['audit', 'query', '--json'], { folder })
  assert.match(record.out, /"event":\s*"drift"/u, record.err)
  assert.match(record.out, /"event":\s*"alert","rule":\s*"drift"/u, 'a person is told of it')
})

test('a server that ends before it is asked anything is not learnt, and does not pass for one that does nothing new', {
  skip,
}, async () => {
  const folder = layOut({ 'project/server.mjs': 'process.exit(1)' })
  const dying = [process.execPath, join(folder, 'project/server.mjs')]
  const learnt = await command(['sandbox', 'learn', '--', ...dying], { folder })
  assert.equal(learnt.code, 3, learnt.err)
  assert.match(learnt.err, /the server ended, or did not answer, before its calls were played/u)
  const servers = {
    dying: { command: dying, why: 'a test', permissions: { files: { read: [join(folder, 'project')] } } },
  }
  writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify({ version: 1, servers }))
  const drift = await command(['sandbox', 'drift', 'dying', '-c', 'sallyport.yaml'], { folder })
  assert.equal(drift.code, 3, drift.err)
})

const session = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/call', params: { name: 'translate', arguments: {} } },
]
  .map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('')

test("a person's own client can teach: it speaks with the server, and what was refused is in the document", {
  skip,
  ...proves('E.attest'),
}, async () => {
  const folder = layOut({ 'notes/one.txt': 'the one note' })
  const note = join(folder, 'notes/one.txt')
  const wishes = JSON.stringify({ read: [note] })
  // Clients keep their end open until they have what they asked for; what a server makes of an end before that is its own affair.
  const learning = (more: readonly string[], until = '') =>
    command(['sandbox', 'learn', '--session', ...more, '--', process.execPath, server, wishes], {
      folder,
      input: session,
      until,
    })
  const nowhere = await learning([])
  assert.deepEqual([nowhere.code, nowhere.out], [2, ''], 'the document would lie among the answers')
  assert.match(nowhere.err, /--out/u)
  const first = await learning(['-o', 'one.yaml'], 'ENOENT')
  assert.equal(first.code, 3, 'one run cannot know what it would have done with more')
  assert.match(first.out, /"serverInfo".*\n.*ENOENT/u, first.err)
  assert.ok(!first.out.includes('files:'))
  const document = parse(readFileSync(join(folder, 'one.yaml'), 'utf8'))
  assert.deepEqual(document.files.read, [note])
  const again = await learning(['--read', note, '-o', 'two.yaml'], 'the one note')
  assert.equal(again.code, 0, again.err)
  assert.match(again.out, /the one note/u)
  assert.deepEqual(parse(readFileSync(join(folder, 'two.yaml'), 'utf8')), document)
})

test('a server that eats memory while it is taught is stopped, and that is said', { skip }, async () => {
  // It holds more than it may and less than the kernel lets one process have, so that who stops it is no race.
  const eater = 'const a = []; while (a.length < 80) a.push(Buffer.alloc(8 << 20, 1)); setInterval(() => a, 1000)'
  const folder = layOut({ 'eater.js': eater })
  const words = ['sandbox', 'learn', '--session', '-o', 'x.yaml', '--', process.execPath, join(folder, 'eater.js')]
  const { err } = await command(words, { folder })
  assert.match(err, /it was stopped: memory: \d+ MiB used/u, err)
})

test('calls are read line by line, and one that is none is named', () => {
  const folder = layOut({ good: '{"tool":"a"}\n\n{"tool":"b","arguments":{"x":1}}\n', bad: '{"tool":"a"}\n{tool}\n' })
  assert.deepEqual(callsIn(join(folder, 'good')), [
    { tool: 'a', arguments: {} },
    { tool: 'b', arguments: { x: 1 } },
  ])
  assert.match(String(callsIn(join(folder, 'bad'))), /bad:2: not a call/u)
  assert.match(String(callsIn(join(folder, 'none'))), /there is no such file/u)
})

test('a name that a server chose cannot write a line of the document', () => {
  const value = '/data/a"\nchildren: any\u2028#'
  const line = { at: 'files.read', value, because: 'x\nchildren: any' }
  const learned = {
    ...{ ok: true as const, rounds: 1, isPartial: false, evidence: [line], leftOut: [line] },
    document: { command: ['a'], files: { read: [value], write: [] }, net: 'none' as const, children: 'none' as const },
  }
  assert.deepEqual(parse(documentText(learned)), learned.document)
})
