import assert from 'node:assert/strict'
import test from 'node:test'
import type { Launch } from '../core/launch.ts'
import { tryServer } from './try-server.ts'

function launch(script: string): Launch {
  const program = `const tools = ${script}; let left = ''
  process.stdin.on('data', bytes => { left += bytes; const lines = left.split('\\n'); left = lines.pop(); for (const line of lines) { const { id, method } = JSON.parse(line); if (id === undefined) continue
  const result = method === 'initialize' ? { capabilities: { tools: {} }, serverInfo: { name: 'x', version: String(Math.random()) } } : method === 'tools/list' ? { tools } : method === 'tools/call' ? { content: [] } : undefined
  console.log(JSON.stringify(result ? { jsonrpc: '2.0', id, result } : { jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } })) } })`
  return { command: process.execPath, args: ['-e', program], env: {}, cwd: '/', inputs: [], tier: 'none' }
}

test('a server is read whole and played to, and a twin does not hide the item before it', async () => {
  const trial = await tryServer(
    launch('[{ name: "a", description: "1" }, { name: "a", description: "2" }, { name: "__proto__" }]'),
    [{ tool: 'a', arguments: {} }],
  )
  assert.ok(trial.ok, JSON.stringify(trial))
  assert.deepEqual(Object.keys(trial.surface['tools']!), ['a', 'a (1)', '__proto__'])
  assert.deepEqual(trial.surface['prompts'], {})
  assert.deepEqual(trial.answers, [{ content: [] }])
  assert.equal(JSON.stringify(trial.surface['server']).includes('serverInfo'), false, 'a version is expected to change')
})

test('a server that ends at once is a trial that failed, in words', async () => {
  const trial = await tryServer({ ...launch('[]'), args: ['-e', 'process.exit(3)'] }, [])
  assert.ok(!trial.ok && trial.reason !== '')
})
