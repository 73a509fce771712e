import assert from 'node:assert/strict'
import test from 'node:test'
import { guards } from '../guards/index.ts'
import { readDocument } from './document.ts'
import { problemsOf } from './issue.ts'
import { problemLine } from './problem.ts'
import { configSchema } from './schema.ts'

const schema = configSchema(guards)

function told(text: string): string[] {
  const read = readDocument(text, 'sallyport.yaml')
  if (!read.ok) throw new Error('not YAML')
  const fits = schema.safeParse(read.document.value)
  return fits.success
    ? []
    : problemsOf(fits.error, schema, { document: read.document, file: 'sallyport.yaml' }).map(problemLine)
}

// Mistake → the line that is told.
const mistakes: readonly (readonly [string, string])[] = [
  ['version: 1\nmoed: enforce\n', 'sallyport.yaml:2:1: moed: unknown key; did you mean mode?'],
  [
    'version: 1\nservers:\n  files:\n    comand: [x]\n',
    'sallyport.yaml:4:5: servers.files.comand: unknown key; did you mean command?',
  ],
  ['mode: enforce\n', 'sallyport.yaml:1:1: version: is missing; it must be 1'],
  ['version: 2\n', 'sallyport.yaml:1:10: version: must be 1'],
  [
    'version: 1\nmode: enforced\n',
    'sallyport.yaml:2:7: mode: must be observe or enforce or lockdown; did you mean enforce?',
  ],
  [
    'version: 1\nservers:\n  a:\n    command: npx x\n',
    'sallyport.yaml:4:14: servers.a.command: must be a list, not text',
  ],
  [
    'version: 1\nservers:\n  a b:\n    command: [x]\n',
    'sallyport.yaml:3:3: servers.a b: this name cannot be used here; letters, digits, _ and - are fine',
  ],
  ['version: 1\ngateway:\n  port: 70000\n', 'sallyport.yaml:3:9: gateway.port: must be at most 65535'],
  ['version: 1\nguards:\n  limits:\n    bites: 3\n', 'sallyport.yaml:4:5: guards.limits.bites: unknown key'],
  ['version: 1\nguards:\n  limits: maybe\n', 'sallyport.yaml:3:11: guards.limits: must be false or a map, not text'],
  [
    'version: 1\npolicy:\n  - name: x\n    match: { effect: sned }\n    then: ask\n',
    'sallyport.yaml:4:22: policy[0].match.effect: must be read or write or send or destroy or spend or execute or admin or a list, not text; did you mean send?',
  ],
  [
    'version: 1\nguards:\n  truncation: { textCharsMax: many }\n',
    'sallyport.yaml:3:31: guards.truncation.textCharsMax: must be a number, not text',
  ],
  [
    'version: 1\nservers:\n  a: { url: "ftp://example.com/" }\n',
    'sallyport.yaml:3:13: servers.a.url: must be an address that begins with http:// or https://',
  ],
  ['version: 1\npolicy: { a: 1 }\n', 'sallyport.yaml:2:9: policy: must be a list, not a map'],
]

for (const [text, line] of mistakes)
  test(`a mistake is told with its place and the way out: ${line.slice(15, 80)}`, () => {
    const [first = ''] = told(text)
    assert.ok(first.startsWith(line), first)
  })

test('several mistakes are told at once, each where it is', () => {
  const lines = told('version: 1\nmoed: x\nservers:\n  a: { writers: anyoen }\n')
  assert.deepEqual(lines.map(line => line.split(': ')[0]).sort(), ['sallyport.yaml:2:1', 'sallyport.yaml:4:17'])
})
