import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import * as undici from 'undici'
import { Agent, BareDispatcher, buildConnector, ClientDestroyedError, parseHeaders } from './undici-parts.ts'

test('the parts are those of the whole package', () => {
  assert.equal(Agent, undici.Agent)
  assert.equal(BareDispatcher, undici.Dispatcher)
  assert.equal(buildConnector, undici.buildConnector)
  assert.equal(ClientDestroyedError, undici.errors.ClientDestroyedError)
  assert.equal(parseHeaders, undici.util.parseHeaders)
})

test('what sends calls loads neither the whole package nor what browsers have', () => {
  const file = fileURLToPath(new URL('http-link.ts', import.meta.url))
  const program = `
    import { createRequire } from 'node:module'
    await import(${JSON.stringify(file)})
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    process.stdout.write(JSON.stringify(loaded.filter(path => path.includes('/undici/')).map(path => path.split('/undici/')[1])))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    timeout: 30_000,
  })
  assert.equal(stderr, '')
  const loaded: unknown = JSON.parse(stdout)
  assert.ok(Array.isArray(loaded) && loaded.includes('lib/dispatcher/agent.js'))
  assert.deepEqual(
    loaded.filter(path => path === 'index.js' || path.startsWith('lib/web/') || path.startsWith('lib/api/')),
    [],
  )
})
