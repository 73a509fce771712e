import { lossesOfDisk, lossesOfHosts, lossesOfSecrets } from './losses.ts'
import type { Plan } from './plan.ts'
import { literalsOf, refuseStrings, type Written } from './target.ts'

/** A service unit for a machine that runs servers without the gateway starting them. */
export function systemdUnit(plan: Plan): Written {
  // A colon separates source and target of a bind; a newline ends a line; neither can be escaped everywhere.
  const refused =
    refuseStrings(plan, 'systemd unit', /[\u0000-\u001f\u007f]/u) ??
    refuseStrings({ ...plan, args: [], env: {}, permission: { ...plan.permission, env: {} } }, 'systemd unit', /:/u)
  if (refused) return refused
  const { limits } = plan.permission
  const reads = [...new Set([...plan.code, ...plan.read.map(({ from }) => from)])]
  const lines = [
    '[Unit]',
    `Description=MCP server ${plan.server.replaceAll(/[^A-Za-z0-9._-]/gu, '_')}, sandboxed`,
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[plan.program, ...plan.args].map(word => quoted(word, true)).join(' ')}`,
    `WorkingDirectory=-${plan.cwd.replaceAll('%', '%%')}`,
    ...Object.entries(literalsOf(plan)).map(([name, value]) => `Environment=${quoted(`${name}=${value}`, false)}`),
    ...bind('BindReadOnlyPaths', reads),
    ...bind(
      'BindPaths',
      plan.write.map(({ from }) => from),
    ),
    ...bind(
      'ReadOnlyPaths',
      plan.pins.filter(({ how }) => how === 'keep').map(({ path }) => path),
    ),
    ...switches.map(name => `${name}=yes`),
    ...settings,
    `RestrictAddressFamilies=${plan.permission.unixSockets ? 'AF_UNIX' : 'none'}`,
    `MemoryMax=${limits.memoryMiB}M`,
    'MemorySwapMax=0',
    'CPUQuota=100%',
    `TasksMax=${limits.pids}`,
    `LimitFSIZE=${limits.fileMiB}M`,
    `LimitNOFILE=${limits.openFiles}`,
    `LimitCPU=${limits.cpuSeconds}`,
    'LimitCORE=0',
    `TemporaryFileSystem=/tmp:size=${limits.tmpMiB}M,mode=1777`,
  ]
  return { ok: true, text: `${lines.join('\n')}\n`, losses: lossesOf(plan) }
}

const switches = [
  ...['DynamicUser', 'PrivateDevices', 'PrivateUsers', 'PrivateNetwork', 'PrivateIPC', 'PrivateMounts'],
  ...['ProtectKernelTunables', 'ProtectKernelModules', 'ProtectKernelLogs', 'ProtectControlGroups', 'ProtectClock'],
  ...['ProtectHostname', 'NoNewPrivileges', 'RestrictNamespaces', 'RestrictRealtime', 'RestrictSUIDSGID'],
  ...['LockPersonality', 'RemoveIPC'],
]

const settings = [
  'ProtectSystem=strict',
  'ProtectHome=tmpfs',
  'ProtectProc=invisible',
  'ProcSubset=pid',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0077',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources @mount @keyring @debug @cpu-emulation @obsolete memfd_create io_uring_setup',
  'SystemCallErrorNumber=EPERM',
  'InaccessiblePaths=-/root -/home -/srv -/mnt -/media -/var/lib -/var/log -/run/dbus -/run/docker.sock',
]

function bind(key: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [`${key}=${paths.map(path => quoted(path, false)).join(' ')}`]
}

function lossesOf(plan: Plan): string[] {
  return [
    ...lossesOfDisk(plan),
    ...lossesOfHosts(plan, 'a unit knows addresses, not names; the service gets no network'),
    ...lossesOfSecrets(plan, 'give them with EnvironmentFile= or LoadCredential='),
    'files.read: the rest of / that is readable to everybody stays readable, homes do not',
    ...(plan.children === 'any' ? [] : ['children: programs of /usr can be started']),
    ...(plan.permission.files.staging ? ['files.staging: writes go to the folder itself'] : []),
    'output and line limits: held by the gateway only',
  ]
}

/** Percent signs are specifiers everywhere; dollar signs are variables on command lines only. */
function quoted(text: string, isCommand: boolean): string {
  const plain = text.replaceAll('%', '%%')
  const escaped = isCommand ? plain.replaceAll('$', '$$$$') : plain
  if (/^[A-Za-z0-9_./:=@%+,-]+$/u.test(escaped)) return escaped
  return `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
