import assert from 'node:assert/strict'
import test from 'node:test'
import { EgressError, toolPath } from './tool.ts'

test('a tool that is missing is named, with what to install', () => {
  assert.throws(
    () => toolPath('nft', ['/nonexistent']),
    (error: unknown) =>
      error instanceof EgressError && error.code === 'missing-tool' && /apt install nftables/u.test(error.message),
  )
})

test('tools are found in the folders of the system and nowhere else', () => {
  const path = process.env['PATH']
  process.env['PATH'] = '/nonexistent'
  try {
    assert.match(toolPath('cat'), /^\/(?:usr\/)?bin\/cat$/u)
  } finally {
    process.env['PATH'] = path
  }
})
