import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play, sceneOf, toolOf } from '../../test/situation.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { schema } from './schema.ts'

const judge = (inputSchema: JsonObject, args: Json) =>
  play(schema, { scene: sceneOf({ tool: toolOf({ name: 't', inputSchema }) }) })(
    messageOf({ kind: 'tool.call', tool: 't', args }),
  )

test(
  'the finding says where the arguments break the schema, by which keyword, and what would do',
  proves('V.schema'),
  () => {
    const inputSchema = {
      type: 'object',
      properties: { edits: { type: 'array', items: { type: 'object', required: ['oldText'] } } },
    }
    assert.deepEqual(judge(inputSchema, { edits: [{ oldText: 'a' }, {}] }), [
      {
        rule: 'schema/arguments',
        severity: 'high',
        confidence: 'certain',
        at: '/params/arguments/edits/1',
        facts: { keyword: 'required', pointer: '/edits/1', expected: "must have required property 'oldText'" },
        standards: ['CWE-20'],
      },
    ])
    assert.deepEqual(judge(inputSchema, { edits: [{ oldText: 'a' }] }), [])
  },
)

test('the finding never holds the value itself', () => {
  const found = judge({ type: 'object', properties: { token: { const: 'x' } } }, { token: 'hunter2' })
  assert.ok(!JSON.stringify(found).includes('hunter2'))
  assert.equal(found.length, 1)
})

test('the same definition is compiled once', () => {
  const tool = toolOf({ name: 't', inputSchema: { type: 'object', properties: { a: { type: 'string' } } } })
  const run = play(schema, { scene: sceneOf({ tool }) })
  run(messageOf({ kind: 'tool.call', tool: 't', args: { a: 'x' } }))
  const began = cpuMs()
  for (let i = 0; i < 1_000; i++) run(messageOf({ kind: 'tool.call', tool: 't', args: { a: 'x' } }))
  assert.ok(cpuMs() - began < 2000)
})

test('the validator is not loaded until a tool has a schema to check', () => {
  const program = `
    import { createRequire } from 'node:module'
    import '${new URL('./index.ts', import.meta.url).href}'
    const loaded = Object.keys(createRequire(import.meta.url).cache ?? {}).filter(name => /ajv|re2js/.test(name))
    process.stdout.write(String(loaded.length))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  assert.equal(stdout, '0', stderr)
})
