import { parse } from 'yaml'
import type { Finding } from '../core/finding.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'

/** One line of the Docker benchmark (CIS) or cheat sheet (OWASP) that a service of a compose file can be held against. */
type Rule = readonly [
  id: string,
  severity: Finding['severity'],
  standard: string,
  isBroken: (service: JsonObject) => boolean,
]

const cis = (title: string) => `CIS Docker: ${title}`
const owasp = (title: string) => `OWASP Docker: ${title}`

const rules: readonly Rule[] = [
  ['user', 'high', owasp('set a user'), s => !/^[1-9][0-9]*(:|$)/u.test(textOf(s['user']))],
  ['capabilities', 'high', cis('restrict kernel capabilities'), s => !listOf(s['cap_drop']).includes('ALL')],
  ['added-capabilities', 'high', cis('restrict kernel capabilities'), s => listOf(s['cap_add']).length > 0],
  ['new-privileges', 'high', cis('restrict new privileges'), s => !hasOption(s, /^no-new-privileges(:true)?$/u)],
  [
    'unconfined',
    'critical',
    cis('default seccomp and AppArmor profile'),
    s => hasOption(s, /unconfined|label[:=]disable/u),
  ],
  ['read-only-root', 'medium', cis('mount the root file system read-only'), s => s['read_only'] !== true],
  ['privileged', 'critical', cis('no privileged containers'), s => s['privileged'] === true],
  ['network', 'high', owasp('inter-container connectivity'), s => !isClosedNetwork(s)],
  ['host-namespace', 'critical', cis('no host namespaces'), s => hostSpaces.some(key => shared.test(textOf(s[key])))],
  ['ports', 'high', cis('only needed ports'), s => listOf(s['ports']).length > 0],
  ['pids', 'medium', cis('PIDs limit'), s => !isPositive(s['pids_limit'])],
  ['memory', 'medium', cis('limit memory'), s => !isPositive(s['mem_limit']) || s['oom_kill_disable'] === true],
  ['cgroup-parent', 'medium', cis('the default control group'), s => s['cgroup_parent'] !== undefined],
  ['swap', 'low', cis('limit memory'), s => s['memswap_limit'] !== s['mem_limit']],
  ['cpus', 'low', cis('CPU priority'), s => !isPositive(s['cpus'])],
  ['ulimits', 'low', cis('override default ulimit'), s => !isObject(s['ulimits'])],
  [
    'restart',
    'low',
    cis('on-failure restart policy of 5'),
    s => !/^(no|on-failure:[1-5])$/u.test(textOf(s['restart'])),
  ],
  [
    'engine-socket',
    'critical',
    owasp('do not expose the daemon socket'),
    s => s['use_api_socket'] === true || volumesOf(s).some(v => engineSocket.test(v.source)),
  ],
  [
    'sensitive-folder',
    'high',
    cis('no sensitive host directories'),
    s => volumesOf(s).some(v => sensitive.test(v.source)),
  ],
  [
    'shared-mount',
    'medium',
    cis('no shared mount propagation'),
    s => volumesOf(s).some(v => v.propagation.includes('shared')),
  ],
  [
    'devices',
    'high',
    cis('no direct host devices'),
    s => ['devices', 'device_cgroup_rules', 'gpus'].some(key => listOf(s[key]).length > 0),
  ],
  [
    'elsewhere',
    'medium',
    owasp('what runs is what was reviewed'),
    s => ['build', 'extends', 'volumes_from', 'post_start', 'pre_stop'].some(key => s[key] !== undefined),
  ],
  [
    'image-digest',
    'medium',
    owasp('supply chain: pin the image'),
    s => !/@sha256:[0-9a-f]{64}$/u.test(textOf(s['image'])),
  ],
  ['init', 'low', cis('PID 1 reaps'), s => s['init'] !== true],
  [
    'tmp',
    'low',
    owasp('temporary files in memory, bounded'),
    s => !listOf(s['tmpfs']).some(t => /noexec.*size=/u.test(t)),
  ],
  [
    'secret-in-file',
    'high',
    owasp('no secrets in the file'),
    s => environmentOf(s).some(([name, value]) => isSecret(name, value)),
  ],
]

/** The machine's own, or those of another container. */
const shared = /^(?:host$|container:|service:|shareable$)/u
const hostSpaces = ['pid', 'ipc', 'uts', 'userns_mode', 'network_mode', 'cgroup']
const engineSocket = /(docker|podman|containerd|crio)\.sock|\/run\/(docker|podman|containerd)/u
const sensitive = /^\/(|boot|dev|etc|lib|proc|root|run|sys|usr|var|var\/run|var\/lib|home|home\/[^/]+)\/?$/u

/** Holds every service of a compose file against each rule; a file that cannot be read is one finding. */
export function checkCompose(text: string): readonly Finding[] {
  const document = read(text)
  const services = isObject(document) && isObject(document['services']) ? Object.entries(document['services']) : []
  if (services.length === 0) return [finding('compose/unreadable', 'high', { at: '', facts: {} })]
  return services.flatMap(([name, service]) => {
    if (!isObject(service)) return [finding('compose/unreadable', 'high', { at: `/services/${name}`, facts: {} })]
    const at = `/services/${name}`
    const broken = rules.filter(([, , , isBroken]) => isBroken(service))
    return broken.map(([id, severity, standard]) => finding(`compose/${id}`, severity, { at, facts: { standard } }))
  })
}

function finding(rule: string, severity: Finding['severity'], about: Pick<Finding, 'at' | 'facts'>): Finding {
  return { rule, severity, confidence: 'certain', ...about }
}

function read(text: string): Json {
  try {
    return parse(text, { maxAliasCount: 0, merge: false })
  } catch {
    return null
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function listOf(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? value.map(item => (typeof item === 'string' ? item : JSON.stringify(item)))
    : value
      ? [textOf(value)]
      : []
}

function hasOption(service: JsonObject, pattern: RegExp): boolean {
  return listOf(service['security_opt']).some(option => pattern.test(option))
}

function isPositive(value: Json | undefined): boolean {
  return Number.parseFloat(textOf(value)) > 0
}

// A network that the file calls internal is still one in which containers reach each other.
function isClosedNetwork(service: JsonObject): boolean {
  return service['network_mode'] === 'none'
}

type Bound = { readonly source: string; readonly propagation: string }

function volumesOf(service: JsonObject): Bound[] {
  const volumes = Array.isArray(service['volumes']) ? service['volumes'] : []
  return volumes.map(volume => {
    if (typeof volume === 'string')
      return { source: volume.split(':')[0] ?? '', propagation: volume.split(':')[2] ?? '' }
    const bind = isObject(volume) && isObject(volume['bind']) ? textOf(volume['bind']['propagation']) : ''
    return { source: isObject(volume) ? textOf(volume['source']) : '', propagation: bind }
  })
}

function environmentOf(service: JsonObject): (readonly [string, string])[] {
  const environment = service['environment']
  if (isObject(environment)) return Object.entries(environment).map(([name, value]) => [name, textOf(value)] as const)
  return listOf(environment).map(line => [line.split('=')[0] ?? '', line.split('=').slice(1).join('=')] as const)
}

function isSecret(name: string, value: string): boolean {
  const isNamedSo = /(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)/iu.test(name)
  return isNamedSo && value !== '' && !/^\$\{[A-Z0-9_]+\}$/u.test(value)
}
