import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { guards } from '../guards/index.ts'
import { explain } from '../policy/explain.ts'
import { type AskedCall, rehearsedCall } from './rehearsed-call.ts'

async function configOf(servers: object): Promise<Config> {
  const path = join(layOut({ 'sallyport.yaml': JSON.stringify({ version: 1, servers }) }), 'sallyport.yaml')
  const loaded = await loadConfig([{ path, layer: 'user' }], guards)
  assert.ok(loaded.ok)
  return loaded.config
}

function verdictOf(config: Config, asked: AskedCall): string {
  const rehearsed = rehearsedCall(config, asked)
  return rehearsed.ok ? explain(config.policy, rehearsed.situation).decision.verdict.kind : rehearsed.reason
}

const files = {
  command: ['x'],
  why: 'a test',
  tools: { allow: ['read_*', 'purge_*'] },
  effects: { purge_old: ['read'] },
}

test('a tool that its server may not offer is blocked, by any of the names it goes by, and its neighbour is not', async () => {
  const both = await configOf({ files, other: { command: ['y'], why: 'a test' } })
  assert.equal(verdictOf(both, { tool: 'files__write_file' }), 'block')
  assert.equal(verdictOf(both, { tool: 'write_file', server: 'files' }), 'block')
  assert.equal(verdictOf(both, { tool: 'files__read_file' }), 'allow')
  assert.equal(verdictOf(both, { tool: 'other__write_file' }), 'allow')
  assert.equal(verdictOf(await configOf({ files }), { tool: 'write_file' }), 'block')
})

test('a server that is not configured is said, with those that are', async () => {
  assert.equal(verdictOf(await configOf({ files }), { tool: 'x', server: 'flies' }), 'no server flies; there are files')
})

test('what the configuration says of a tool counts for more than its name, and what is asked for counts most', async () => {
  const config = await configOf({ files })
  const tainted = { tool: 'purge_old', labels: ['untrusted'] }
  assert.equal(verdictOf(config, tainted), 'allow')
  assert.equal(verdictOf(config, { ...tainted, effects: ['destroy'] }), 'ask')
})

test('what stands in the arguments is read as in a real call', async () => {
  const config = await configOf({ files })
  const token = ['ghp', 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5'].join('_')
  const rehearsed = rehearsedCall(config, { tool: 'read_file', args: { path: token } })
  assert.ok(rehearsed.ok)
  assert.ok(rehearsed.situation.findings.some(({ rule }) => rule.startsWith('secrets/')))
  assert.ok(!JSON.stringify(rehearsed.situation.findings).includes(token))
})
