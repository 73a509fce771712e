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
