import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { guards } from '../guards/index.ts'
import { defaultConfig } from './defaults.ts'
import { configOf } from './load.ts'

test('what holds without a file is what an empty file says', async () => {
  const loaded = await configOf([{ path: 'sallyport.yaml', layer: 'user', text: 'version: 1\n' }], guards)
  assert.ok(loaded.ok)
  const { policy: read, sources: _, ...config } = loaded.config
  const { policy: built, sources: __, ...defaults } = defaultConfig(guards)
  assert.deepEqual(config, defaults)
  assert.equal(read.hash, built.hash)
  assert.equal(read.mode, 'enforce')
})

test('the short way to a configuration loads no package at all', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ resolve(name, context, next) { seen.push(name); return next(name, context) } })
    const { defaultConfig } = await import('${new URL('./defaults.ts', import.meta.url)}')
    defaultConfig([])
    console.log(JSON.stringify(seen.filter(name => !/^(node:|file:|\\.)/u.test(name))))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.equal(run.stdout.trim(), '[]', run.stderr)
})
