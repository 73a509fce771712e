import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import { lazyEgress } from './lazy-egress.ts'

const audit = { append: () => {} }

test('without a server that declares hosts, nothing is opened and nothing is to be closed', async () => {
  await lazyEgress({ audit, folder: temporaryFolder(), say: () => {} }).close()
})

test('a server that declares hosts gets a room of its own, and closing takes it away', async t => {
  if (process.platform !== 'linux' || !existsSync('/usr/sbin/nft')) return t.skip('needs Linux with nftables')
  const egress = lazyEgress({ audit, folder: temporaryFolder(), say: () => {} })
  const room = await egress.open('s' as ServerName, [{ name: 'api.example.com', port: 443 }])
  assert.equal(room.kind, 'namespace')
  await room.close()
  await egress.close()
})
