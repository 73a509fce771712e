import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { gatewayInfo, version } from './version.ts'

test('the version is the one of the package, and clients are told the same', () => {
  const { version: packaged } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  assert.equal(version, packaged)
  assert.equal(gatewayInfo.version, packaged)
})
