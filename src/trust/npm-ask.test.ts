import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { askNpm, reputationOf } from './npm-ask.ts'

const silent = {
  publisher: 'unknown',
  firstPublished: 'unknown',
  repository: 'unknown',
  attested: 'unknown',
  downloads: 'unknown',
}

test(
  'publisher and age are shown where the registry says them, and are unknown where it does not',
  proves('T5.reputation'),
  () => {
    const full = {
      _npmUser: 'ann <a@b.c>',
      version: '1.2.0',
      time: { created: '2025-01-02T00:00:00Z', '1.2.0': '2026-01-02T03:04:05Z', '1.1.0': 'x' },
      deprecated: 'use other',
      repository: { type: 'git', url: 'git+https://a.example/b' },
      dist: { attestations: { url: 'x' } },
    }
    assert.deepEqual(reputationOf(JSON.stringify(full)), {
      ...{ publisher: 'ann <a@b.c>', firstPublished: '2025-01-02', deprecated: 'use other' },
      publishedAt: '2026-01-02T03:04:05.000Z',
      ...{ attested: 'yes', downloads: 'unknown', repository: 'git+https://a.example/b' },
    })
    assert.deepEqual(reputationOf('{"name":"x"}'), { ...silent, deprecated: 'unknown' })
    assert.equal(reputationOf('{"maintainers":["ann"]}').deprecated, 'no')
    for (const text of ['', '<html>', '{"_npmUser":7}', '[]', '{"version":"constructor","time":{"created":7}}'])
      assert.deepEqual(reputationOf(text), { ...silent, deprecated: 'unknown' }, text)
  },
)

test('no npm, or none that answers in time, is no answer', async () => {
  assert.equal(await askNpm(['view', 'x'], { npm: '/no/such/npm', cwd: tmpdir() }), '')
  const start = Date.now()
  assert.equal(await askNpm(['5'], { npm: '/bin/sleep', cwd: tmpdir(), timeoutMs: 200 }), '')
  assert.ok(Date.now() - start < 4000)
})
