import assert from 'node:assert/strict'
import { isIPv4, isIPv6 } from 'node:net'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { classifyAddress, parseIPv4, parseIPv6 } from './address.ts'

const known = {
  public: [
    '8.8.8.8',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '172.32.0.1',
    '11.0.0.0',
  ],
  loopback: [
    '127.0.0.1',
    '127.255.255.255',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::127.0.0.1',
  ],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fd12::1',
    'fec0::1',
    '64:ff9b:1::1',
    '2002:c0a8:101::1',
  ],
  'link-local': ['169.254.0.1', 'fe80::1', '::ffff:169.254.1.1', '::ffff:0:a9fe:1'],
  metadata: [
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001:0:a9fe:a9fe::',
    '2001:0:808:808::5601:5601',
    '2606:4700::5efe:a9fe:a9fe',
    '2606:4700::200:5efe:169.254.169.254',
  ],
  cgnat: ['100.64.0.1', '100.127.255.255', '::ffff:100.64.0.1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  broadcast: ['255.255.255.255', '::ffff:255.255.255.255'],
  unspecified: ['0.0.0.0', '::', '::ffff:0.0.0.0'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmark: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  reserved: ['0.1.2.3', '240.0.0.1', '192.0.0.1', '2001:10::1', '100::1', '4000::1', '2002:808:808::1'],
  invalid: [
    '',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '127.0.0.01',
    '127.0.0.1.',
    ' 127.0.0.1',
    '256.1.1.1',
    '1.2.3',
    '١٢٧.0.0.1',
    'fe80::1%eth0',
    '[::1]',
    ':::1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '1.2.3.4::',
    '::ffff:0177.0.0.1',
    '00001::1',
    'localhost',
  ],
} as const

for (const [kind, addresses] of Object.entries(known))
  test(`addresses of the kind ${kind} are told apart from all others`, () => {
    assert.deepEqual(
      addresses.map(address => [address, classifyAddress(address)]),
      addresses.map(address => [address, kind]),
    )
  })

test('every dotted quad counts the same when IPv6 maps or translates it', () => {
  fc.assert(
    fc.property(fc.ipV4(), four => {
      const kind = classifyAddress(four)
      assert.notEqual(kind, 'invalid')
      assert.equal(classifyAddress(`::ffff:${four}`), kind)
      assert.equal(classifyAddress(`64:ff9b::${four}`), kind)
    }),
  )
})

test('no IPv6 address that carries a special IPv4 address counts as public', () => {
  const special = fc.constantFrom('127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.1.1', '0.0.0.0')
  fc.assert(
    fc.property(special, fc.ipV6(), (four, six) => {
      const hex = Buffer.from(four.split('.').map(Number)).toString('hex')
      const [high, low] = [hex.slice(0, 4), hex.slice(4)]
      const prefix = parseIPv6(six)!
        .slice(0, 4)
        .map(group => group.toString(16))
        .join(':')
      for (const carrier of [
        `2002:${high}:${low}:1:2:3:4:5`,
        `${prefix}:0:5efe:${four}`,
        `::${four}`,
        `::ffff:0:${four}`,
      ])
        assert.notEqual(classifyAddress(carrier), 'public', carrier)
    }),
  )
})

test('what is accepted is what Node itself dials, so that nothing is judged one way and dialled another', () => {
  const noise = fc.string({ unit: fc.constantFrom(...'0123456789abcdefx:.%[]'), maxLength: 24 })
  fc.assert(
    fc.property(fc.oneof(noise, fc.ipV4(), fc.ipV4Extended(), fc.ipV6()), text => {
      if (parseIPv4(text) !== undefined) assert.ok(isIPv4(text), text)
      if (parseIPv6(text) !== undefined) assert.ok(isIPv6(text), text)
      if (isIPv4(text) || (isIPv6(text) && !text.includes('%'))) assert.notEqual(classifyAddress(text), 'invalid', text)
    }),
    { numRuns: 2000 },
  )
})
