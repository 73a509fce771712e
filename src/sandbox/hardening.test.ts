import assert from 'node:assert/strict'
import test from 'node:test'
import { parse, stringify } from 'yaml'
import { proves } from '../../test/guide/proves.ts'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { composeFile } from './compose.ts'
import { containerLaunch } from './container.ts'
import { checkCompose } from './hardening.ts'

const image = `node@sha256:${'b'.repeat(64)}`
const written = composeFile(samplePlan(), { reference: image, uid: 1000, gid: 1000 })
assert.ok(written.ok)
const text = written.text

/** The rules that a change to the service breaks. */
function broken(changes: Readonly<Record<string, unknown>>): string[] {
  const document = parse(text)
  const service = { ...document.services.sample, ...changes }
  for (const [key, value] of Object.entries(changes)) if (value === undefined) delete service[key]
  return checkCompose(stringify({ services: { sample: service } })).map(({ rule }) => rule)
}

test('the file that we write breaks no rule', () => {
  assert.deepEqual(checkCompose(text), [])
})

const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['user', { user: undefined }],
  ['user', { user: '0:0' }],
  ['user', { user: 'root' }],
  ['capabilities', { cap_drop: undefined }],
  ['added-capabilities', { cap_add: ['SYS_ADMIN'] }],
  ['new-privileges', { security_opt: undefined }],
  ['unconfined', { security_opt: ['no-new-privileges:true', 'seccomp:unconfined'] }],
  ['read-only-root', { read_only: false }],
  ['privileged', { privileged: true }],
  ['network', { network_mode: undefined }],
  ['network', { network_mode: 'bridge' }],
  ['host-namespace', { pid: 'host' }],
  ['ports', { ports: ['80:80'] }],
  ['pids', { pids_limit: -1 }],
  ['cpus', { cpus: undefined }],
  ['swap', { memswap_limit: '-1' }],
  ['ulimits', { ulimits: undefined }],
  ['restart', { restart: 'always' }],
  ['engine-socket', { volumes: ['/x/docker.sock:/x/docker.sock'] }],
  ['sensitive-folder', { volumes: ['/etc:/host:ro'] }],
  ['sensitive-folder', { volumes: [{ type: 'bind', source: '/home/ann', target: '/x' }] }],
  ['shared-mount', { volumes: [{ type: 'bind', source: '/data/x', target: '/x', bind: { propagation: 'rshared' } }] }],
  ['devices', { devices: ['/dev/kvm'] }],
  ['image-digest', { image: 'node:24' }],
  ['init', { init: false }],
  ['tmp', { tmpfs: undefined }],
  ['secret-in-file', { environment: ['API_KEY=abc'] }],
  ['secret-in-file', { environment: { DB_PASSWORD: 'abc' } }],
  ['host-namespace', { ipc: 'host' }],
  ['host-namespace', { uts: 'host' }],
  ['host-namespace', { userns_mode: 'host' }],
  ['host-namespace', { pid: 'container:other' }],
  ['host-namespace', { ipc: 'shareable' }],
  ['cgroup-parent', { cgroup_parent: '/system.slice' }],
  ['engine-socket', { use_api_socket: true }],
  ['devices', { gpus: 'all' }],
  ['devices', { device_cgroup_rules: ['c 1:3 mr'] }],
  ['memory', { oom_kill_disable: true }],
  ['elsewhere', { build: '.' }],
  ['elsewhere', { extends: { file: 'other.yaml', service: 'a' } }],
  ['elsewhere', { volumes_from: ['other'] }],
  ['elsewhere', { post_start: [{ command: 'x', privileged: true }] }],
]

test('taking away one hardening is exactly one finding', proves('B.containers'), () => {
  for (const [rule, changes] of cases) assert.deepEqual(broken(changes), [`compose/${rule}`], JSON.stringify(changes))
  assert.deepEqual(broken({ mem_limit: undefined }), ['compose/memory', 'compose/swap'])
})

test('a secret that is only named is none', () => {
  assert.deepEqual(broken({ environment: { API_KEY: null, TOKEN: '$'.concat('{TOKEN}') } }), [])
})

test('a file that cannot be read is not a clean one', () => {
  for (const bad of ['', ':', '[]', 'services: {}', 'services: { a: 1 }', 'a: &a [*a]'])
    assert.deepEqual(
      checkCompose(bad).map(({ rule }) => rule),
      ['compose/unreadable'],
      bad,
    )
})

const launched = containerLaunch(samplePlan(), '/usr/bin/docker', { reference: image, uid: 1000, gid: 1000 })
assert.ok(launched.ok)
const words = launched.launch.args.slice(0, launched.launch.args.indexOf('--')).join(' ')

/** Held: by these rules of a compose file, and by what the command line says or never says. Else: whose it is. */
type Line = { readonly rules: readonly string[]; readonly says?: RegExp; readonly never?: RegExp } | string

const benchmark: Readonly<Record<string, Line>> = {
  'swarm mode is off unless needed': 'the engine; what we write needs none',
  'an AppArmor profile holds': { rules: ['unconfined'], never: /apparmor/u },
  'SELinux options hold': { rules: ['unconfined'], never: /label/u },
  'kernel capabilities are restricted': {
    rules: ['capabilities', 'added-capabilities'],
    says: /--cap-drop ALL/u,
    never: /--cap-add/u,
  },
  'no container is privileged': { rules: ['privileged'], never: /--privileged/u },
  'no sensitive folder of the host is mounted': {
    rules: ['sensitive-folder'],
    never: /source=\/(?:etc|boot|dev|proc|sys|usr|lib|root|home\/[^/,]+)?(?:,|$)/u,
  },
  'no sshd runs inside': 'the image; the one command that we name is the server',
  'no privileged port is mapped': { rules: ['ports'], never: /--publish|-p /u },
  'only needed ports are open': { rules: ['ports'], never: /--publish|--expose/u },
  'the network of the host is not shared': { rules: ['network'], says: /--network none/u },
  'memory is limited': { rules: ['memory', 'swap'], says: /--memory \d+m --memory-swap \d+m/u },
  'processor time has its share': { rules: ['cpus'], says: /--cpus 1/u },
  'the root is read-only': { rules: ['read-only-root'], says: /--read-only/u },
  'incoming traffic is bound to one interface': { rules: ['ports'], says: /--network none/u },
  'a restart is tried five times at most': { rules: ['restart'], never: /--restart/u },
  'processes of the host are not shared': { rules: ['host-namespace'], never: /--pid(?: |=)/u },
  'the ipc of the host is not shared': { rules: ['host-namespace'], says: /--ipc private/u },
  'no device of the host is given': { rules: ['devices'], never: /--device|--gpus/u },
  'limits are set where the standard ones do not fit': { rules: ['ulimits'], says: /--ulimit core=0 --ulimit nofile/u },
  'mounts are not propagated': { rules: ['shared-mount'], never: /propagation/u },
  'the host name space is not shared': { rules: ['host-namespace'], never: /--uts/u },
  'the standard seccomp profile holds': { rules: ['unconfined'], never: /seccomp/u },
  'nobody runs exec with privileges': 'whoever holds the engine; we never run it',
  'nobody runs exec as root': 'whoever holds the engine; we never run it',
  'the control group is the standard one': { rules: ['cgroup-parent'], never: /--cgroup/u },
  'no new privileges can be gained': { rules: ['new-privileges'], says: /--security-opt no-new-privileges:true/u },
  'health is checked': 'the gateway: calls have a time limit, and a server that ends is started again',
  'the image is the newest of its name': { rules: ['image-digest', 'elsewhere'], says: /--pull never/u },
  'the number of processes is limited': { rules: ['pids'], says: /--pids-limit \d+/u },
  'the default bridge is not used': { rules: ['network'], says: /--network none/u },
  'user namespaces of the host are not shared': { rules: ['host-namespace'], never: /--userns/u },
  'the socket of the engine is not mounted': { rules: ['engine-socket'], never: /\.sock|--use-api-socket/u },
}

const cheatSheet: Readonly<Record<string, Line>> = {
  'host and engine are up to date': 'whoever runs them',
  'the socket of the engine stays closed': { rules: ['engine-socket'], never: /\.sock/u },
  'a user is set': { rules: ['user'], says: /--user [1-9]\d*:[1-9]\d*/u },
  'capabilities are limited': { rules: ['capabilities'], says: /--cap-drop ALL/u },
  'privileges cannot grow inside': { rules: ['new-privileges'], says: /no-new-privileges:true/u },
  'containers do not reach each other': { rules: ['network'], says: /--network none/u },
  'a security module holds': { rules: ['unconfined'], never: /unconfined|disable/u },
  'resources are limited': {
    rules: ['memory', 'cpus', 'pids', 'ulimits', 'restart', 'tmp'],
    says: /--memory \d+m.*--tmpfs \/tmp:rw,noexec,nosuid,nodev,size=\d+m/u,
  },
  'file systems and volumes are read-only': {
    rules: ['read-only-root'],
    says: /--read-only.*target=\/proj\/app\/docs,readonly/u,
  },
  'containers are scanned before they are deployed': 'whoever publishes the image; the tier takes only a named digest',
  'the engine logs at level info': 'the engine',
  'the engine runs rootless': 'the engine; podman is taken before docker, and the user inside is never root',
  'secrets are handed over as such': { rules: ['secret-in-file'], never: /hunter2/u },
  'the supply chain is known': { rules: ['image-digest'] },
}

/** Beyond both lists. */
const ours = ['init']

test('each line of the benchmark and of the cheat sheet is held by a rule and the command line, or is not ours', () => {
  const tested = new Set(cases.map(([rule]) => rule).concat('swap'))
  const named = new Set(ours)
  for (const [title, line] of [...Object.entries(benchmark), ...Object.entries(cheatSheet)]) {
    if (typeof line === 'string') continue
    for (const rule of line.rules) assert.ok(tested.has(rule) && named.add(rule), `${title}: ${rule} is never broken`)
    if (line.says !== undefined) assert.match(words, line.says, title)
    if (line.never !== undefined) assert.doesNotMatch(words, line.never, title)
  }
  assert.deepEqual([Object.keys(benchmark).length, Object.keys(cheatSheet).length], [32, 14])
  assert.deepEqual(
    [...tested].filter(rule => !named.has(rule)),
    [],
    'a rule that no line asks for',
  )
})
