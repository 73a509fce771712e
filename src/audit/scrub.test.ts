import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { namedCredentials, shapedCredentials } from '../../test/audit/credentials.ts'
import { auditFolder, callEvent } from '../../test/audit/recorded.ts'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import type { AuditDetails } from '../core/port.ts'
import { auditExport } from './export.ts'
import { openAuditLog } from './log.ts'
import { redactJson } from './redact.ts'
import { AuditIndex } from './sqlite-index.ts'
import { auditVerify } from './verify.ts'

type Planted = { readonly value: unknown; readonly secret: string }

/** Any JSON-like structure with a planted credential somewhere in it: as a value, inside a longer text, or as a key. */
const planted: fc.Arbitrary<Planted> = fc.oneof(
  { arbitrary: namedCredentials, weight: 1 },
  {
    weight: 3,
    arbitrary: fc
      .record({
        credential: fc.oneof(...shapedCredentials),
        path: fc.array(fc.oneof(fc.nat({ max: 3 }), fc.constantFrom('a', 'name', 'value', 'content', 'text')), {
          maxLength: 9,
        }),
        around: fc.anything({ maxDepth: 1 }),
        place: fc.constantFrom('whole', 'inside', 'key', 'json', 'behind'),
      })
      .map(({ credential: { text, secret }, path, around, place }) => {
        const leaves = {
          whole: text,
          inside: `before ${text} behind`,
          key: { [text]: true },
          json: JSON.stringify({ deep: [text] }),
          behind: `${'padding '.repeat(250)}${text}`,
        }
        let value: unknown = leaves[place]
        for (const step of path)
          value = typeof step === 'number' ? [...Array(step).fill(around), value] : { around, [step]: value }
        return { value, secret }
      }),
  },
)

test(
  'no planted credential of thirty-odd kinds is ever in a file of the audit folder, in an export or in the index',
  proves('T7.scrub', 'A.redact', 'C4.redact'),
  async t => {
    const folder = auditFolder(t)
    const log = openAuditLog({ folder })
    const all = fc.sample(planted, { numRuns: 1000, seed: 20261122 })
    assert.deepEqual(
      all.filter(({ value, secret }) => !JSON.stringify(value).includes(secret)),
      [],
      'each was planted',
    )
    for (const { value } of all) {
      const kept: AuditDetails = { args: redactJson(value) }
      log.append(callEvent(0, { details: kept }))
    }
    await log.close()
    const index = new AuditIndex(folder)
    await index.update()
    index.close()
    const exports = (await Array.fromAsync(auditExport(folder, { format: 'csv' }))).join('')
    const files = readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1'))
    const written = [...files, exports].join('\n')
    const leaked = all.filter(({ secret }) => secret.length < 8 || written.includes(secret))
    assert.deepEqual(leaked.slice(0, 3), [])
    assert.equal((await auditVerify(folder)).isIntact, true)
  },
)
