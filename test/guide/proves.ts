import { requirements } from './requirements.ts'

const known = new Set(requirements.map(({ id }) => id))

/**
 * Says which lines of the guide a test proves: `test('…', proves('T6.rate'), () => …)`. The table in THREATS.md is made
 * from these calls; an id that does not exist fails the test file at once.
 */
export function proves(...ids: readonly string[]): { readonly timeout?: number } {
  const wrong = ids.filter(id => !known.has(id))
  if (ids.length === 0 || wrong.length > 0)
    throw new Error(`no such requirement: ${wrong.join(', ') || '(none named)'}`)
  return {}
}
