import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import type { Guard, Scene } from '../src/core/guard.ts'
import type { Json, JsonObject } from '../src/core/json.ts'
import type { Body, Message } from '../src/core/message.ts'
import { guards } from '../src/guards/index.ts'
import { messageOf, play, sceneOf, server, sessionOf, toolOf } from './situation.ts'

/**
 * One line of a guard's cases. `play` is what went before, `times` repeats the last message, `everyMs` is the time
 * between messages; `finds` are the rules found in the last one. Long values are written short: `{"$repeat": "ab",
 * "times": 9}`, `{"$items": 1, "times": 9}`, `{"$nest": 9}`.
 */
type Case = {
  readonly name: string
  readonly finds: readonly string[]
  readonly body: Body
  readonly play?: readonly Body[]
  readonly times?: number
  readonly everyMs?: number
  readonly tool?: JsonObject
  readonly role?: string
  readonly server?: Partial<Scene['server']>
  readonly pins?: Scene['pins']
  readonly masks?: Scene['masks']
  readonly options?: Readonly<Record<string, unknown>>
  readonly message?: Partial<Omit<Message, 'body'>>
}

for (const guard of guards) {
  const cases = casesOf(guard.id)
  for (const one of cases)
    test(`${guard.id}: ${one.name}`, () => assert.deepEqual(rulesIn(guard, one), one.finds.toSorted()))

  test(`${guard.id}: the cases tell a working guard from one that finds nothing and from one that finds everything`, () => {
    const everything = [...new Set(cases.flatMap(one => one.finds))].toSorted()
    const dead: Guard = { ...guard, inspect: (_, { memory }) => ({ findings: [], memory }) }
    const paranoid: Guard = { ...guard, inspect: (_, { memory }) => ({ findings: everything.map(findingOf), memory }) }
    for (const broken of [dead, paranoid])
      assert.ok(
        cases.some(one => rulesIn(broken, one).join() !== one.finds.toSorted().join()),
        'an attack and a harmless look-alike are needed',
      )
  })

  test(`${guard.id}: every rule is named after the guard and its title is one line`, () => {
    for (const one of cases) for (const rule of one.finds) assert.ok(rule.startsWith(`${guard.id}/`), rule)
    assert.ok(guard.title.length > 0 && !guard.title.includes('\n'))
  })
}

test('no two guards share an id', () => {
  assert.equal(new Set(guards.map(({ id }) => id)).size, guards.length)
})

function casesOf(id: string): readonly Case[] {
  const file = new URL(`../src/guards/${id}.cases.jsonl`, import.meta.url)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line, expand) as Case)
}

function rulesIn(guard: Guard, one: Case): string[] {
  const judge = play(guard, { scene: scene(one), ...(one.options && { options: one.options }) })
  const bodies = [...(one.play ?? []), ...Array.from({ length: one.times ?? 1 }, () => one.body)]
  const found = bodies.map((body, i) => judge(messageOf(body, { atMs: i * (one.everyMs ?? 0), ...one.message })))
  return [...new Set(found.at(-1)?.map(({ rule }) => rule))].toSorted()
}

function scene(one: Case): Scene {
  const session = sessionOf({ role: one.role ?? 'default' })
  const pinned = one.pins === undefined ? {} : { pins: one.pins }
  const masked = one.masks === undefined ? {} : { masks: one.masks }
  const base = sceneOf({ session, server: { writers: 'unknown', ...one.server }, ...pinned, ...masked })
  if (one.tool === undefined) return base
  const tool = toolOf(one.tool)
  return { ...base, tool, tools: new Map([[server, [tool]]]) }
}

function expand(_: string, value: Json & { $repeat?: string; $items?: Json; $nest?: number; times?: number }): Json {
  if (value === null || typeof value !== 'object') return value
  if (typeof value.$repeat === 'string') return value.$repeat.repeat(value.times ?? 0)
  if (value.$items !== undefined) return Array.from({ length: value.times ?? 0 }, () => value.$items ?? null)
  if (value.$nest === undefined) return value
  let nested: Json = 'bottom'
  for (let i = 0; i < value.$nest; i++) nested = [nested]
  return nested
}

function findingOf(rule: string) {
  return { rule, severity: 'low', confidence: 'certain', at: '', facts: {} } as const
}
