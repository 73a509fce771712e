import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { osvService } from '../../test/osv-service.ts'
import { checkAdvisories, type InstalledPackage } from './advisories.ts'
import { askOsv } from './osv-ask.ts'

const nowMs = Date.parse('2026-11-22T00:00:00.000Z')
const installed: InstalledPackage[] = [
  { ecosystem: 'npm', name: 'a', version: '1.0.0' },
  { ecosystem: 'pypi', name: 'mcp', version: '1.0.post1' },
  { ecosystem: 'npm', name: 'fine', version: '2.0.0' },
]
const flaws = [
  { id: 'GHSA-1', ecosystem: 'npm', name: 'a', versions: ['1.0.0'] },
  { id: 'PYSEC-2', ecosystem: 'PyPI', name: 'mcp', versions: ['1.0.post1'] },
] as const

test('what the service says of each installed version is kept, and clears only what it was asked for', async t => {
  const { url, asked } = await osvService(t, flaws)
  const answer = await askOsv([...installed, ...installed], { url, nowMs })
  assert.ok(answer.ok, JSON.stringify(answer))
  assert.equal(asked.length, 3, 'nothing is asked twice')
  const { state, found } = checkAdvisories(installed, answer.snapshot, nowMs)
  assert.deepEqual(
    [state, found.map(({ id, severity }) => `${id} ${severity}`)],
    ['affected', ['GHSA-1 high', 'PYSEC-2 high']],
  )
  const state2 = (name: string) =>
    checkAdvisories([{ ecosystem: 'npm', name, version: '2.0.0' }], answer.snapshot, nowMs).state
  assert.deepEqual([state2('fine'), state2('other')], ['clear', 'unknown'])
})

for (const [what, bend, says] of [
  ['fails', () => undefined, /HTTP 500/u],
  [
    'fails for one flaw',
    (path: string, answer: object) => (path.endsWith('PYSEC-2') ? undefined : answer),
    /HTTP 500/u,
  ],
  ['answers fewer than it was asked', () => ({ results: [{}] }), /another answer/u],
  ['answers in parts', () => ({ results: [{}, { next_page_token: 'x' }, {}] }), /only a part/u],
  ['answers with a page', () => '<html>', /could not be reached/u],
  ['answers without end', () => 'x'.repeat(9 * 1024 * 1024), /more than 8388608 bytes/u],
  ['names a flaw like a path', () => ({ results: [{ vulns: [{ id: '../../x' }] }, {}, {}] }), /another answer/u],
] as const)
  test(`a service that ${what} gives no list, so that nothing is cleared by half of one`, async t => {
    const { url } = await osvService(t, flaws, bend)
    const answer = await askOsv(installed, { url, nowMs })
    assert.ok(!answer.ok && says.test(answer.reason), JSON.stringify(answer))
  })

test('a service that is silent, and one that is not there, are given up', async t => {
  const server = createServer(() => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  assert.equal((await askOsv(installed, { url, nowMs, timeoutMs: 200 })).ok, false)
  assert.equal((await askOsv(installed, { url: 'http://127.0.0.1:1', nowMs })).ok, false)
  assert.equal((await askOsv(installed, { url: 'no address', nowMs })).ok, false)
})
