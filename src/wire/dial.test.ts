import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
// Loaded whole, so that dispatchers have `request`.
import 'undici'
import { dialPolicyFor, judgeAddress, safeAgent } from './dial.ts'
import { LinkError } from './link.ts'

const open = { isLoopback: false, mayBePrivate: false }
const limits = { connectMs: 2000, connections: 4 }

test('only a URL that names loopback itself leads to loopback', () => {
  for (const url of [
    'http://localhost:1/mcp',
    'http://127.9.9.9/',
    'http://[::1]:2/',
    'http://a.localhost./',
    'http://0x7f.1/',
  ])
    assert.ok(dialPolicyFor(new URL(url), false).isLoopback, url)
  for (const url of [
    'https://example.com/',
    'https://localhost.example.com/',
    'https://10.0.0.1/',
    'https://notlocalhost/',
  ])
    assert.ok(!dialPolicyFor(new URL(url), false).isLoopback, url)
})

test('addresses that are not on the internet are refused, private ones unless they are allowed', () => {
  const never = [
    '127.0.0.1',
    '::1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '0.0.0.0',
    '224.0.0.1',
    'fe80::1',
  ]
  for (const address of never) {
    assert.notEqual(judgeAddress(address, open), undefined, address)
    assert.notEqual(judgeAddress(address, { ...open, mayBePrivate: true }), undefined, address)
  }
  for (const address of ['10.0.0.1', '192.168.1.1', 'fd12::1', '100.64.0.1']) {
    assert.match(judgeAddress(address, open) ?? '', /allow private/u)
    assert.equal(judgeAddress(address, { ...open, mayBePrivate: true }), undefined)
  }
  assert.equal(judgeAddress('8.8.8.8', open), undefined)
  assert.notEqual(judgeAddress('8.8.8.8', { isLoopback: true, mayBePrivate: true }), undefined)
})

test('a name that resolves to a forbidden address is refused, also when only one of its addresses is', async () => {
  const answers: LookupAddress[][] = [
    [{ address: '127.0.0.1', family: 4 }],
    [{ address: '169.254.169.254', family: 4 }],
    [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ],
    [{ address: '::ffff:7f00:1', family: 6 }],
    [],
  ]
  for (const answer of answers) {
    const agent = safeAgent(open, limits, async () => answer)
    await assert.rejects(agent.request({ origin: 'http://rebind.test', path: '/', method: 'GET' }), isRefusal)
    await agent.destroy()
  }
})

test('an address literal is judged although nothing looks it up', async () => {
  const agent = safeAgent(open, limits, () => assert.fail('no look-up for a literal'))
  for (const origin of [
    'http://127.0.0.1:9',
    'http://[::1]:9',
    'http://169.254.169.254',
    'http://[::ffff:a9fe:a9fe]',
    'http://2130706433',
  ])
    await assert.rejects(agent.request({ origin, path: '/', method: 'GET' }), isRefusal)
  await agent.destroy()
})

test('the address that was judged is the one that is dialled: there is no second look-up', async t => {
  const server = createServer((request, response) => response.end(request.headers.host)).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  let lookups = 0
  const agent = safeAgent({ isLoopback: true, mayBePrivate: false }, limits, async () => {
    lookups++
    return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
  })
  t.after(() => agent.destroy())
  const { body } = await agent.request({ origin: `http://gate.localhost:${port}`, path: '/', method: 'GET' })
  assert.equal(await body.text(), `gate.localhost:${port}`)
  assert.equal(lookups, 1)
})

function isRefusal(error: unknown): boolean {
  assert.ok(error instanceof LinkError, String(error))
  return error.code === 'refused-address'
}
