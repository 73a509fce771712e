import assert from 'node:assert/strict'
import test from 'node:test'
import { type Server, stage } from '../../test/fixtures/stage.ts'
import { frameOf } from '../wire/envelope.ts'
import { askForList, type ListRequest } from './list.ts'

const paged = (pages: number | 'endless'): Server => ({
  answer({ method, params }) {
    if (method !== 'tools/list') return { content: [] }
    const page = Number(params['cursor'] ?? 0)
    const isLast = pages !== 'endless' && page + 1 >= pages
    return { tools: [{ name: `t${page}` }], ...(isLast ? {} : { nextCursor: String(page + 1) }) }
  },
})

test('a tool on the last page is known', async () => {
  const { say } = stage({ servers: { a: paged(3), b: paged(1) } })
  assert.doesNotMatch(JSON.stringify((await say('tools/call', { name: 'a__t2' })).answer), /no server has/u)
})

test('pages without end are cut off, and the server is named as missing', async () => {
  const { answer } = await stage({ servers: { a: paged('endless'), b: paged(1) } }).say('tools/list')
  assert.match(JSON.stringify(answer), /more than 200 pages/u)
})

test('a page that is refused takes the whole list with it', async () => {
  const { say } = stage({
    servers: { a: paged(3), b: paged(1) },
    verdict: ({ body }) => ({
      kind: body.kind === 'server.surface' && body.items[0]?.['name'] === 't1' ? 'block' : 'allow',
    }),
  })
  assert.match(JSON.stringify((await say('tools/list')).answer), /a later page was refused/u)
})

test('a call that is refused has told its server nothing, not even through the list that was fetched for it', async () => {
  const heard: string[] = []
  const server: Server = {
    answer({ method, params }) {
      heard.push(JSON.stringify({ method, params }))
      return method === 'tools/list' ? { tools: [{ name: 't' }] } : {}
    },
  }
  for (const servers of [{ a: server }, { a: server, b: server }]) {
    const { say } = stage({ servers, verdict: ({ body }) => ({ kind: body.kind === 'tool.call' ? 'block' : 'allow' }) })
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', trace: 'a secret' }
    await say('tools/call', { name: 't', _meta }, { era: 'modern' })
    await say('tools/call', { name: 'a__t', _meta }, { era: 'modern' })
  }
  assert.match(heard.join('\n'), /protocolVersion/u)
  assert.doesNotMatch(heard.join('\n'), /a secret/u)
})

test('a list is held up to its bounds, and refused one byte or one page beyond', async () => {
  const page = (n: number, last: number) =>
    frameOf({
      kind: 'result',
      id: n,
      result: { tools: [{ name: `t${n}` }], ...(n < last ? { nextCursor: `${n}` } : {}) },
    })
  const asking = (pages: number) => {
    let n = 0
    const upstream = { freshId: () => n, use: async () => ({ frame: page(++n, pages) }) }
    return { upstream, method: 'tools/list', era: 'legacy', meta: undefined } as unknown as ListRequest
  }
  const bytes = [1, 2, 3].reduce((sum, n) => sum + page(n, 3).bytes.byteLength, 0)
  assert.equal((await askForList(asking(3), { pages: 3, bytes, ms: 5000 })).kind, 'said')
  assert.equal((await askForList(asking(3), { pages: 3, bytes: bytes - 1, ms: 5000 })).kind, 'refused')
  assert.equal((await askForList(asking(3), { pages: 2, bytes, ms: 5000 })).kind, 'refused')
})
