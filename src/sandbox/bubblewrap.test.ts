import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import type { NamespaceRoom } from '../core/egress.ts'
import { bubblewrapLaunch, innerLimits, type Setting, type Workshop } from './bubblewrap.ts'
import type { Machine } from './machine.ts'
import { obstacle } from './obstacle.ts'

const machine: Machine = {
  ...{ platform: 'linux', architecture: 'x64', uid: 1000, gid: 1000, home: '/home/ann', kernel: [6, 1], tools: {} },
  root: {
    links: { '/bin': 'usr/bin' },
    libraries: ['/usr/lib'],
    programs: ['/usr/bin'],
    settings: ['/etc/ssl/certs'],
    covered: ['/proc/sys/', '/proc/kcore'],
  },
  bubblewrap: obstacle('missing', ''),
  container: obstacle('missing', ''),
  canBeAnother: false,
}
const bubblewrap = {
  ok: true,
  version: '0.8.0',
  canDisableUserNamespaces: true,
  canSizeTmpfs: true,
  canBindDescriptors: true,
  layers: [],
} as const
const workshop: Workshop = {
  machine,
  bubblewrap,
  architecture: 'x64',
  bwrap: '/usr/bin/bwrap',
  prlimit: '/usr/bin/prlimit',
}

function optionsOf(plan = samplePlan(), setting: Setting = { kind: 'plain' }, shop = workshop) {
  const launch = bubblewrapLaunch(plan, shop, setting)
  return {
    launch,
    options: Buffer.from(launch.inputs[0] ?? [])
      .toString()
      .split('\0'),
  }
}

/** As for a bubblewrap that takes paths: each stands where its descriptor would. */
const byPath = { ...workshop, bubblewrap: { ...bubblewrap, canBindDescriptors: false } }

const pairs = (options: readonly string[], name: string) =>
  options.flatMap((option, i) => (option === name ? [options[i + 2]] : []))

test('what is started is the wrapper, and nothing but the command stands on its command line', () => {
  const { launch } = optionsOf()
  assert.equal(launch.command, '/usr/bin/bwrap')
  assert.deepEqual(launch.args.slice(0, 4), ['--args', '3', '--', '/usr/bin/prlimit'])
  assert.deepEqual(launch.args.slice(launch.args.lastIndexOf('--') + 1), [
    '/opt/node/bin/node',
    '/proj/app/server.js',
    '--quiet',
  ])
  assert.ok(!JSON.stringify(launch.args).includes('hunter2'))
  assert.ok(!launch.args.some(arg => arg.includes('docs') || arg.includes('/usr/lib')))
  assert.equal(launch.tier, 'full')
})

test('secrets travel in the environment only', () => {
  const { launch, options } = optionsOf()
  assert.equal(launch.env['API_KEY'], 'hunter2-secret')
  assert.ok(!options.join(' ').includes('hunter2'))
  assert.ok(!options.includes('--setenv'))
})

test('every namespace is its own, and no network is shared without a room', () => {
  const { options } = optionsOf()
  for (const option of [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    '--disable-userns',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
  ])
    assert.ok(options.includes(option), option)
})

test('with a room the wrapper is entered through it, and its files come along as descriptors', () => {
  const enter = ['/usr/bin/nsenter', '--target', '7', '--user', '--net', '--preserve-credentials', '--'] as const
  const room: NamespaceRoom = {
    kind: 'namespace',
    enter,
    enterAsRoot: ['/usr/bin/nsenter', '--target', '7', '--net', '--'],
    files: { '/etc/resolv.conf': 'nameserver 1\n' },
    close: async () => undefined,
  }
  const { launch, options } = optionsOf(samplePlan(), { kind: 'room', room })
  assert.equal(launch.command, '/usr/bin/nsenter')
  assert.deepEqual(launch.args.slice(5, 9), ['--', '/usr/bin/bwrap', '--args', '3'])
  assert.ok(
    !options.includes('--unshare-net') && options.includes('--unshare-user') && options.includes('--disable-userns'),
  )
  const descriptor = Number(options[options.indexOf('/etc/resolv.conf') - 1])
  assert.equal(Buffer.from(launch.inputs[descriptor - 3] ?? []).toString(), 'nameserver 1\n')
  const as = { user: { uid: 61_200, gid: 61_200 }, setpriv: '/usr/bin/setpriv' }
  const other = optionsOf(samplePlan(), { kind: 'room', room, as }).launch
  assert.deepEqual(other.args.slice(2, 6), ['--net', '--', '/usr/bin/setpriv', '--reuid=61200'])
})

test('a folder that is written inside one that is read comes after it', () => {
  const read = [{ path: '/proj/app', from: '/proj/app' as never }]
  const { options } = optionsOf(samplePlan({ read }), { kind: 'plain' }, byPath)
  assert.ok(options.indexOf('/proj/app') < options.indexOf('--bind'))
  assert.deepEqual(pairs(options, '--bind').slice(0, 1), ['/proj/app/out'])
})

test('the same folder for code and for writing ends as writable, and pins come last of all bindings', () => {
  const { options } = optionsOf(samplePlan({ code: ['/proj/app/out' as never] }), { kind: 'plain' }, byPath)
  assert.ok(options.lastIndexOf('--bind') > options.indexOf('/proj/app/out'))
  assert.ok(options.indexOf('/proj/app/out/.git/hooks') > options.indexOf('/proj/app/out/.git'))
  assert.ok(options.indexOf('/proj/app/out/.git') > options.indexOf('/proj/app/docs'))
})

test('what the document names is bound by descriptor, in the order of the options, and never by path', () => {
  const { options, launch } = optionsOf()
  const sources = options.flatMap((option, i) => (/^--(?:ro-)?bind-fd$/u.test(option) ? [Number(options[i + 1])] : []))
  assert.deepEqual(
    sources,
    sources.map((_, i) => 3 + launch.inputs.length + i),
  )
  assert.equal(sources.length, 7)
  const byName = options.flatMap((option, i) => (/^--(?:ro-)?bind$/u.test(option) ? [options[i + 1]] : []))
  assert.deepEqual(byName, ['/usr/lib', '/usr/bin/prlimit', '/etc/ssl/certs', ...byName.slice(3)])
  assert.ok(!byName.some(path => path?.startsWith('/proj')))
})

test('without other programs neither /usr/bin nor a shell is there; with any, all of /usr is', () => {
  const none = optionsOf(samplePlan({ children: [] })).options
  assert.ok(!none.includes('/usr/bin'))
  assert.ok(none.includes('/usr/bin/prlimit'))
  assert.ok(optionsOf(samplePlan({ children: 'any' })).options.includes('/usr/bin'))
})

test('the root, /dev and /proc/sys cannot be written; /tmp and /dev/shm are bounded', () => {
  const root = { ...workshop, machine: { ...machine, uid: 0 } }
  const { options } = optionsOf(samplePlan(), { kind: 'plain' }, root)
  const sealed = options.flatMap((option, i) => (option === '--remount-ro' ? [options[i + 1]] : []))
  assert.deepEqual(sealed, ['/proc/1', '/proc/sys', '/dev', '/'])
  const sizes = options.flatMap((option, i) => (option === '--size' ? [Number(options[i + 1])] : []))
  assert.deepEqual(
    sizes.sort((a, b) => a - b),
    [4096, 4096, 16 * 1024 * 1024, 16 * 1024 * 1024],
  )
})

test('root becomes somebody else before anything else happens, and then needs fewer covers', () => {
  const root = { ...workshop, machine: { ...machine, uid: 0 } }
  const setting = { kind: 'user', user: { uid: 61_200, gid: 61_200 }, setpriv: '/usr/bin/setpriv' } as const
  const { launch, options } = optionsOf(samplePlan(), setting, root)
  assert.deepEqual(
    [launch.command, ...launch.args.slice(0, 6)],
    [
      ...[
        '/usr/bin/setpriv',
        '--reuid=61200',
        '--regid=61200',
        '--clear-groups',
        '--inh-caps=-all',
        '--',
        '/usr/bin/bwrap',
      ],
    ],
  )
  assert.ok(!options.includes('/proc/kcore') && options.includes('/proc/sys'))
})

test('an older bubblewrap gets no option that it does not know', () => {
  const no = { canDisableUserNamespaces: false, canSizeTmpfs: false, canBindDescriptors: false }
  const old = { ...workshop, bubblewrap: { ...bubblewrap, ...no } }
  const { options } = optionsOf(samplePlan(), { kind: 'plain' }, old)
  assert.ok(!options.includes('--disable-userns') && !options.includes('--size'))
  assert.ok(!options.some(option => option.endsWith('-fd')))
})

test('processes are counted per namespace only where the kernel can', () => {
  assert.ok(innerLimits(samplePlan(), machine).includes('--nproc=40'))
  assert.ok(!innerLimits(samplePlan(), { ...machine, kernel: [5, 4] }).some(limit => limit.startsWith('--nproc')))
})
