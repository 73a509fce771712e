import assert from 'node:assert/strict'
import test from 'node:test'
import { type Said, type Server, stage } from '../../test/fixtures/stage.ts'
import { proves } from '../../test/guide/proves.ts'
import type { Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { resultTexts, truncate } from '../text/result-text.ts'
import { newRestStore } from './rest.ts'

const charsMax = 500
const long = Array.from({ length: 100 }, (_, n) => `line ${n} of the answer\n`).join('')
const sure = { severity: 'high', confidence: 'certain', at: '' } as const

/** Cuts as the guard of that name does, at a length that suits a test. */
function cuts(message: Message): Finding[] {
  const cut = truncate(resultTexts(message), charsMax)
  if (cut === undefined) return []
  const facts = { total: cut.total, kept: cut.kept }
  return [{ ...sure, rule: 'truncation/text', facts, fix: cut.edits }]
}

/** Takes a word out wherever it stands, as a guard against secrets does. */
function words(message: Message): Finding[] {
  return resultTexts(message).flatMap(({ at, text }) =>
    [...text.matchAll(/hunter2/gu)].map(({ index }) => {
      return { ...sure, rule: 'words/secret', facts: {}, fix: [{ at, from: index, to: index + 7, put: '(gone)' }] }
    }),
  )
}

const about = { title: 'for a test', threats: [], reads: ['tool.result'], options: {} } as const
const guards = [guard({ ...about, id: 'truncation', inspect: cuts }), guard({ ...about, id: 'words', inspect: words })]

function open(
  texts: Readonly<Record<string, string>>,
  blocked = 'nothing',
  isRefused: (body: Message['body']) => boolean = () => false,
) {
  const asked: string[] = []
  const servers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, serverOf(text, asked)]))
  const { say, rulings } = stage({
    servers,
    guards,
    rests: newRestStore(),
    verdict: message => {
      if (JSON.stringify(message.payload).includes(blocked) || isRefused(message.body)) return { kind: 'block' }
      const edits = [...cuts(message), ...words(message)].flatMap(({ fix }) => fix ?? [])
      return edits.length === 0 ? { kind: 'allow' } : { kind: 'rewrite', edits }
    },
  })
  return { say, rulings, asked }
}

function serverOf(text: string, asked: string[]): Server {
  return {
    answer({ method, params }) {
      asked.push(`${method} ${params['uri'] ?? ''}`)
      if (method === 'initialize')
        return { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } }
      if (method === 'tools/list') return { tools: [{ name: 'read', inputSchema: { type: 'object' } }] }
      if (method === 'tools/call') return { content: [{ type: 'text', text }] }
      throw { code: -32601, message: 'no such method' }
    },
  }
}

type Texts = { content?: { text: string }[]; contents?: { text: string }[]; isError?: boolean }

function resultOf({ answer }: Said): Texts {
  assert.equal(answer?.kind, 'result', JSON.stringify(answer))
  return answer.kind === 'result' ? (answer.result as Texts) : {}
}

const textsOf = (said: Said): string[] => (resultOf(said).content ?? resultOf(said).contents ?? []).map(one => one.text)

function idIn(said: Said): string {
  return /rest\/([0-9a-f-]{36})\?page=2/u.exec(textsOf(said).at(-1) ?? '')?.[1] ?? 'none'
}

const call = (name = 'read') => ['tools/call', { name, arguments: {} }] as const
const read = (id: string, page: number) => ['resources/read', { uri: `sallyport://rest/${id}?page=${page}` }] as const

test('an answer that was cut can be read to its end, page by page', proves('T6.size'), async () => {
  const { say, asked } = open({ files: long })
  const cut = await say(...call())
  const parts = [textsOf(cut)[0]?.split('\n[Sallyport kept')[0] ?? '']
  for (let page = 2; ; page++) {
    const [text = '', position = ''] = textsOf(await say(...read(idIn(cut), page)))
    parts.push(text)
    if (position.includes('the last one')) break
  }
  assert.equal(parts.join(''), long)
  assert.ok(parts.length > 3)
  assert.deepEqual(
    asked.filter(line => line.includes('sallyport:')),
    [],
    'no server hears of it',
  )
})

test('what was cut out of the answer for another reason is in no page, also at the seam', async () => {
  for (const before of [charsMax - 3, charsMax + 400, 2 * charsMax - 3]) {
    const { say } = open({ files: `${'x'.repeat(before)}hunter2${'y'.repeat(900)}` })
    const cut = await say(...call())
    let seen = textsOf(cut).join('')
    for (const page of [2, 3, 4, 5]) {
      const said = await say(...read(idIn(cut), page))
      if (said.answer?.kind === 'result') seen += textsOf(said).join('')
    }
    for (const part of ['hunter2', 'unter2', 'nter2', 'hunt'])
      assert.ok(!seen.includes(part), `${part} of a secret at ${before}`)
  }
})

test('a page is judged again when it is read, and stands on record', async () => {
  const { say, rulings } = open({ files: `${'x'.repeat(charsMax)}tail` }, 'page 2')
  const cut = await say(...call())
  const before = rulings.length
  const { answer } = await say(...read(idIn(cut), 2))
  assert.equal(answer?.kind, 'result')
  assert.deepEqual(
    rulings.slice(before).map(({ message }) => message.body.kind),
    ['resource.read', 'tool.result'],
  )
  const refused = open({ files: `${'x'.repeat(charsMax)}tail` }, '"tail"')
  const again = await refused.say(...call())
  assert.equal((await refused.say(...read(idIn(again), 2))).answer?.kind, 'error')
})

test('a rule about the answers of one tool holds for every page of them', async () => {
  const rules: Message['body'][] = []
  const { say } = open({ files: `${'x'.repeat(charsMax)}tail` }, 'nothing', body => {
    if (body.kind === 'tool.result') rules.push(body)
    return body.kind === 'tool.result' && body.tool === 'read' && JSON.stringify(body.result).includes('"tail"')
  })
  const cut = await say(...call())
  assert.match(JSON.stringify((await say(...read(idIn(cut), 2))).answer), /blocked by Sallyport/u)
  assert.deepEqual(
    rules.map(body => body.kind === 'tool.result' && [body.tool, body.args]),
    [1, 2].map(() => ['read', {}]),
  )
})

test('another principal finds nothing, and neither does a guess', async () => {
  const { say } = open({ files: long })
  const id = idIn(await say(...call()))
  const stranger = await say(...read(id, 2), { principal: 'bob', connection: 'two' })
  const guess = await say(...read(crypto.randomUUID(), 2))
  const beyond = await say(...read(id, 99))
  for (const { answer } of [stranger, guess, beyond]) assert.equal(answer?.kind, 'error')
})

test('where several servers share the endpoint, a tool beside theirs reads on', async () => {
  const { say } = open({ files: long, mail: 'short' })
  const list = resultOf(await say('tools/list')) as { tools?: { name: string }[] }
  assert.deepEqual(
    list.tools?.map(({ name }) => name),
    ['files__read', 'mail__read', 'sallyport__more'],
  )
  const cut = await say(...call('files__read'))
  const id = idIn(cut)
  assert.match(textsOf(cut).at(-1) ?? '', /call sallyport__more with \{"id":"[0-9a-f-]{36}","page":2\}/u)
  const more = await say('tools/call', { name: 'sallyport__more', arguments: { id, page: 2 } })
  assert.ok(long.includes(textsOf(more)[0] ?? '-'))
  const wrong = await say('tools/call', { name: 'sallyport__more', arguments: { id: '../x', page: 'two' } })
  assert.equal(resultOf(wrong).isError, true)
})

test('an answer that fits is left as it is', async () => {
  const { say } = open({ files: 'short' })
  assert.deepEqual(textsOf(await say(...call())), ['short'])
})

test('an id or a page that is no such thing is refused like one that is unknown', async () => {
  const { say } = open({ a: long, b: 'short' })
  for (const args of [{ id: { toString: 1 }, page: 2 }, { id: ['x'], page: 2 }, { id: 'x', page: '2' }, {}, null, 'x'])
    assert.match(JSON.stringify(await say('tools/call', { name: 'sallyport__more', arguments: args })), /no such page/u)
})
