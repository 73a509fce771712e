import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { loadConfig } from '../config/load.ts'
import { problemLine } from '../config/problem.ts'
import { guards } from '../guards/index.ts'
import { missingSecrets } from './missing-secrets.ts'

const reference = (text: string) => `"$${`{${text}}`}"`

test('a reference behind which there is nothing is named with its line, and one that is there is not repeated', async () => {
  const folder = layOut({
    'here.token': 'here-0123456789abcdef',
    'sallyport.yaml': `version: 1
servers:
  pages:
    url: https://mcp.example.com/mcp
    headers: { Authorization: ${reference('env:SALLYPORT_TEST_NOT_SET')} }
  files: { command: [x], env: { HERE: ${reference('file:here.token')}, GONE: ${reference('file:gone')} } }
principals:
  ann: { tokens: [${reference('file:here.token')}, ${reference('file:gone.token')}] }
`,
  })
  const loaded = await loadConfig([{ path: join(folder, 'sallyport.yaml'), layer: 'user' }], guards)
  assert.ok(loaded.ok)
  const lines = (await missingSecrets(loaded.config)).map(problemLine)
  assert.equal(lines.length, 3, lines.join('\n'))
  assert.match(lines[0] ?? '', /yaml:5:\d+: servers\.pages\.headers\.Authorization: env:SALLYPORT_TEST_NOT_SET is not/u)
  assert.match(lines[1] ?? '', /yaml:6:\d+: servers\.files\.env\.GONE: file:.*gone is not there/u)
  assert.match(lines[2] ?? '', /yaml:8:\d+: principals\.ann\.tokens\[1\]: file:.*gone\.token is not there/u)
  assert.doesNotMatch(lines.join('\n'), /here-0123/u)
})
