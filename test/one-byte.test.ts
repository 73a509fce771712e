import assert from 'node:assert/strict'
import test from 'node:test'
import { oneByte } from '../scripts/one-byte.ts'
import { fc } from './property.ts'

const program = `// “a comment”
export const plain = 'é ünïcode 𝐀'
export const built = \`\${plain} – and more\`
export const raw = String.raw\`\\b(?:user’s|the “user”)\\b\`
export const pattern = /^[。！？’𝐀]$/u
export const plainer = /^[é’]$/i
export const member = { 'é': 1, ünder: 2 }
`

test('a program in ASCII says what it said before', async () => {
  const made = oneByte(program)
  assert.doesNotMatch(made, /[^\n -~]/u)
  const [before, after] = await Promise.all([load(program), load(made)])
  for (const name of ['plain', 'built', 'raw', 'member']) assert.deepEqual(after[name], before[name])
  for (const char of ['。', '！', '’', '𝐀', 'é', 'É', '.', '\\', 'u', '{'])
    for (const name of ['pattern', 'plainer'])
      assert.equal(matches(after[name], char), matches(before[name], char), `${name} ${char}`)
})

test('any text stays the text that it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async text => {
      const made = await load(oneByte(`export const text = ${JSON.stringify(text)}`))
      assert.equal(made['text'], text)
    }),
    { numRuns: 50 },
  )
})

test('what cannot be written in ASCII stops the build', () => {
  assert.throws(() => oneByte('f`“${1}”`'), /cannot be written in ASCII/u)
  assert.throws(() => oneByte('String.raw`“${1}”`'), /cannot be written in ASCII/u)
  assert.throws(() => oneByte('/\\’/'), /cannot be written in ASCII/u)
})

async function load(code: string): Promise<Record<string, unknown>> {
  return await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)
}

function matches(pattern: unknown, text: string): boolean {
  return pattern instanceof RegExp && pattern.test(text)
}
