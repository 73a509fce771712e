import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { seccompFilter } from './seccomp.ts'
import {
  type Architecture,
  architectures,
  auditArchitecture,
  custodyCalls,
  lastKnown,
  modeCalls,
  systemCalls,
} from './system-call.ts'

type Call = { readonly number: number; readonly args?: readonly (number | bigint)[]; readonly architecture?: number }

/** Runs a filter as the kernel would: a classic BPF machine over struct seccomp_data. */
function verdict(filter: Uint8Array, call: Call, architecture: Architecture): string {
  const code = Buffer.from(filter)
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.number >>> 0, 0)
  data.writeUInt32LE(call.architecture ?? auditArchitecture[architecture], 4)
  call.args?.forEach((arg, i) => {
    data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(arg)), 16 + 8 * i)
  })
  let accumulator = 0
  for (let at = 0; at < code.length / 8; at++) {
    const [op, yes, no] = [code.readUInt16LE(at * 8), code.readUInt8(at * 8 + 2), code.readUInt8(at * 8 + 3)]
    const value = code.readUInt32LE(at * 8 + 4)
    const branch = (taken: boolean) => (taken ? yes : no)
    if (op === 0x20) accumulator = data.readUInt32LE(value)
    else if (op === 0x54) accumulator = (accumulator & value) >>> 0
    else if (op === 0x15) at += branch(accumulator === value)
    else if (op === 0x25) at += branch(accumulator > value)
    else if (op === 0x35) at += branch(accumulator >= value)
    else if (op === 0x45) at += branch((accumulator & value) !== 0)
    else if (op === 0x06) return named(value)
    else throw new Error(`instruction ${at} is ${op}`)
  }
  throw new Error('the filter ends without a verdict')
}

function named(value: number): string {
  if (value === 0x7fff0000) return 'allow'
  if (value === 0x80000000) return 'kill'
  const errors: Record<number, string> = {
    0: 'pretended',
    1: 'EPERM',
    38: 'ENOSYS',
    93: 'EPROTONOSUPPORT',
    97: 'EAFNOSUPPORT',
  }
  return errors[value & 0xffff] ?? `errno ${value & 0xffff}`
}

const ordinary: Record<Architecture, Record<string, number>> = {
  x64: { read: 0, write: 1, mmap: 9, socketpair: 53, connect: 42, fork: 57, execve: 59, futex: 202, openat: 257 },
  arm64: { read: 63, write: 64, mmap: 222, socketpair: 199, connect: 203, execve: 221, futex: 98, openat: 56 },
}

for (const architecture of architectures) {
  const closed = seccompFilter(architecture, { unixSockets: false })
  const open = seccompFilter(architecture, { unixSockets: true })
  const run = (call: Call, filter = closed) => verdict(filter, call, architecture)
  const number = (name: keyof typeof systemCalls) =>
    Object.entries(systemCalls[name]).find(([a]) => a === architecture)?.[1]

  test(`${architecture}: ordinary calls pass, also one after the other table`, () => {
    for (const [name, number] of Object.entries(ordinary[architecture])) assert.equal(run({ number }), 'allow', name)
    assert.equal(run({ number: 439 }), 'allow', 'faccessat2')
    assert.equal(run({ number: lastKnown }), 'allow')
  })

  test(`${architecture}: every call that is named is refused, with the answer that programs can live with`, () => {
    const special = new Set(['clone', 'fcntl', 'ioctl', 'mmap', 'prctl', 'setsockopt', 'socket'])
    const asOlder = /^(clone3|io_uring_|io_setup|memfd_create|openat2)/u
    for (const name of Object.keys(systemCalls) as (keyof typeof systemCalls)[]) {
      const nr = number(name)
      if (nr === undefined || special.has(name)) continue
      assert.equal(run({ number: nr }), asOlder.test(name) ? 'ENOSYS' : 'EPERM', name)
    }
  })

  test(`${architecture}: a call from another instruction set kills, whatever its number`, () => {
    const foreign = [0x40000003, 0x40000028, 0xc000003e, 0xc00000b7, 0].filter(
      a => a !== auditArchitecture[architecture],
    )
    for (const other of foreign) assert.equal(run({ number: 0, architecture: other }), 'kill')
  })

  test(`${architecture}: numbers beyond the table, and twins with the x32 bit, do not exist`, () => {
    fc.assert(
      fc.property(fc.integer({ min: lastKnown + 1, max: 0xffffffff }), nr => {
        assert.equal(run({ number: nr }), 'ENOSYS')
      }),
    )
    assert.equal(run({ number: 0x40000000 + 41, args: [1] }), 'ENOSYS')
  })

  test(`${architecture}: clone passes for threads and children, and is refused for every namespace flag`, () => {
    const clone = number('clone')!
    assert.equal(run({ number: clone, args: [0x3d0f00] }), 'allow', 'a thread as glibc makes it')
    assert.equal(run({ number: clone, args: [0x1200011] }), 'allow', 'a child')
    for (const bit of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      assert.equal(run({ number: clone, args: [bit | 17] }), 'EPERM', bit.toString(16))
  })

  test(`${architecture}: nobody types into the terminal of whoever started the gateway`, () => {
    const ioctl = number('ioctl')!
    assert.equal(run({ number: ioctl, args: [0, 0x5401] }), 'allow')
    assert.equal(run({ number: ioctl, args: [0, 0x5412] }), 'EPERM')
    assert.equal(run({ number: ioctl, args: [0, 0x541c] }), 'EPERM')
    assert.equal(run({ number: ioctl, args: [0, 0x5423] }), 'EPERM', 'nor has the kernel load a driver for a line')
    // The kernel reads 32 bits of the request: a high half must not hide it.
    assert.equal(run({ number: ioctl, args: [0, 0xffffffff00005412n] }), 'EPERM')
  })

  test(`${architecture}: of all socket families only INET, INET6 and routing netlink are left, UNIX when asked`, () => {
    const socket = number('socket')!
    const asked = (args: (number | bigint)[], filter = closed) => run({ number: socket, args }, filter)
    for (let domain = 0; domain < 50; domain++) {
      const expected = [2, 10, 16].includes(domain) ? 'allow' : 'EAFNOSUPPORT'
      assert.equal(asked([domain, 1, 0]), expected, `family ${domain}`)
      assert.equal(asked([domain, 1, 0], open), domain === 1 ? 'allow' : expected, `family ${domain}, unix open`)
    }
    assert.equal(asked([0x100000001n, 1, 0]), 'EAFNOSUPPORT', 'a high half does not hide a family')
    assert.equal(asked([16, 3, 0]), 'allow', 'addresses of interfaces')
    assert.equal(asked([16, 3, 12]), 'EAFNOSUPPORT', 'netfilter')
    for (const domain of [2, 10])
      for (const flags of [0, 0x800, 0x80000, 0x80800]) {
        for (const type of [3, 4, 5, 6, 10]) assert.equal(asked([domain, type | flags, 0]), 'EPERM', `type ${type}`)
        for (let protocol = 0; protocol < 300; protocol++) {
          const passes = (own: number) => (protocol === 0 || protocol === own ? 'allow' : 'EPROTONOSUPPORT')
          assert.equal(asked([domain, 1 | flags, protocol]), passes(6), `stream of ${protocol}`)
          assert.equal(asked([domain, 2 | flags, protocol]), passes(17), `datagram of ${protocol}`)
        }
      }
    assert.equal(asked([2, 1, 0x100000000n + 132n]), 'EPROTONOSUPPORT', 'a high half does not hide a protocol')
  })

  test(`${architecture}: no file is made or changed to run with its owner's rights`, () => {
    const withMode = (call: (typeof modeCalls)[number], mode: number, flags: number) => {
      const args = [0, 0, 0, 0, 0, 0]
      args[call.mode] = mode
      if (call.flags !== undefined) args[call.flags] = flags
      return run({ number: Object.entries(call).find(([name]) => name === architecture)?.[1] ?? -1, args })
    }
    for (const call of modeCalls.filter(call => architecture in call)) {
      for (const mode of [0o4755, 0o2755, 0o6000, 0o104755])
        for (const making of [0o100, 0o100 | 0o1000, 0o20200000 | 2])
          assert.equal(withMode(call, mode, making), 'EPERM', JSON.stringify(call))
      for (const mode of [0o755, 0o1777, 0o644, 0o40755]) assert.equal(withMode(call, mode, 0o100), 'allow')
      // Where no file is made, what stands in the place of the mode is whatever lay in the register.
      if (call.flags !== undefined) assert.equal(withMode(call, 0o4755, 0o200000), 'allow')
    }
  })

  test(`${architecture}: shared memory has a file that is counted, and leases, layers and programs on sockets there are none`, () => {
    const call = (name: keyof typeof systemCalls, args: (number | bigint)[]) =>
      run({ number: number(name) ?? -1, args })
    for (const flags of [0x21, 0x23, 0x40021, 0x8021]) assert.equal(call('mmap', [0, 4096, 3, flags]), 'EPERM')
    for (const flags of [0x22, 0x1, 0x2, 0x4022, 0x32]) assert.equal(call('mmap', [0, 4096, 3, flags]), 'allow')
    assert.equal(call('fcntl', [3, 1024, 1]), 'EPERM')
    for (const command of [0, 1, 3, 4, 6, 7, 1030, 1031]) assert.equal(call('fcntl', [3, command]), 'allow')
    for (const name of [26, 50, 51, 52]) assert.equal(call('setsockopt', [3, 1, name]), 'EPERM')
    for (const name of [7, 8]) assert.equal(call('setsockopt', [3, 1, name]), 'pretended')
    assert.equal(call('setsockopt', [3, 6, 31]), 'EPERM')
    for (const [level, name] of [
      [1, 9],
      [6, 1],
      [0, 26],
      [41, 26],
      [6, 7],
      [17, 31],
    ] as const)
      assert.equal(call('setsockopt', [3, level, name]), 'allow', `${level} ${name}`)
  })

  test(`${architecture}: alone, a process leaves neither its group nor the signal of its gateway's end`, () => {
    const alone = seccompFilter(architecture, { unixSockets: false, isAlone: true })
    for (const numbers of custodyCalls) {
      const nr = Object.entries(numbers).find(([a]) => a === architecture)?.[1] ?? -1
      assert.equal(run({ number: nr }, alone), 'EPERM')
      assert.equal(run({ number: nr }), 'allow', 'inside a namespace it goes nowhere')
    }
    const prctl = number('prctl')!
    assert.equal(run({ number: prctl, args: [1, 0] }, alone), 'EPERM')
    assert.equal(run({ number: prctl, args: [0x100000001n, 0] }, alone), 'EPERM', 'the kernel reads an int')
    assert.equal(run({ number: prctl, args: [15] }, alone), 'allow', 'a name')
    assert.equal(run({ number: prctl, args: [1, 0] }), 'allow')
  })

  test(`${architecture}: the filter fits the kernel's limit and every jump lands inside it`, () => {
    assert.ok(closed.length / 8 < 4096)
    const code = Buffer.from(closed)
    for (let at = 0; at < code.length / 8; at++) {
      if ((code.readUInt16LE(at * 8) & 7) !== 5) continue
      for (const far of [code.readUInt8(at * 8 + 2), code.readUInt8(at * 8 + 3)])
        assert.ok(at + 1 + far < code.length / 8, `instruction ${at}`)
    }
  })
}
