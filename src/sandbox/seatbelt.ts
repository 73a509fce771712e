import { lossesOfDisk, lossesOfHosts, lossesOfSecrets } from './losses.ts'
import type { Plan } from './plan.ts'
import { refuseStrings, type Written } from './target.ts'

/**
 * A profile for `sandbox-exec`. Written from what macOS documents and others measured; it has not been run on a Mac.
 * `proxyPort` is the judging proxy on loopback, the only place that a server with hosts may dial.
 */
export function seatbeltProfile(plan: Plan, proxyPort?: number): Written {
  const refused = refuseStrings(plan, 'Seatbelt profile', /[\u0000-\u001f\u007f]/u)
  if (refused) return refused
  const reads = [...plan.code, ...plan.read.map(({ from }) => from), ...plan.write.map(({ from }) => from)]
  const lines = [
    '(version 1)',
    '(deny default)',
    '(import "system.sb")',
    // Apple events and launch services start programs outside; keychain and trust services answer with secrets or dial.
    '(deny appleevent-send)',
    '(deny lsopen)',
    '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.trustd.agent"))',
    '(allow process-fork)',
    '(allow process-info* (target same-sandbox))',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    `(allow process-exec (literal ${quoted(plan.program)}))`,
    ...childrenOf(plan),
    '(allow file-read-metadata)',
    ...['/usr/lib', '/usr/share', '/System', '/Library/Frameworks'].map(readable),
    '(allow file-read* (literal "/private/etc/ssl/cert.pem") (literal "/dev/null") (literal "/dev/urandom"))',
    '(allow file-write-data (literal "/dev/null"))',
    ...[...new Set(reads)].map(readable),
    ...plan.write.map(({ from }) => `(allow file-write* (subpath ${quoted(from)}))`),
    ...plan.pins.map(
      ({ path, how }) => `(deny file-write* (${how === 'keep' ? 'subpath' : 'literal'} ${quoted(path)}))`,
    ),
    // The name service listens on a unix socket; leaving it closed keeps names from carrying data out.
    '(deny network*)',
    ...(plan.hosts.length > 0 && proxyPort !== undefined
      ? [`(allow network-outbound (remote tcp "localhost:${proxyPort}"))`]
      : []),
  ]
  return { ok: true, text: `${lines.join('\n')}\n`, losses: lossesOf(plan, proxyPort) }
}

function childrenOf({ children }: Plan): string[] {
  if (children === 'any') return ['(allow process-exec (subpath "/usr/bin") (subpath "/bin"))']
  return children.map(path => `(allow process-exec (literal ${quoted(path)}))`)
}

const staged = 'files.staging: writes go to the folder itself'

function lossesOf(plan: Plan, proxyPort: number | undefined): string[] {
  return [
    ...lossesOfDisk(plan),
    'limits: held by watching, not by the kernel; there is no process namespace, so other processes can be listed',
    '/tmp: not private; the server gets TMPDIR and nothing else of it',
    ...(proxyPort === undefined ? lossesOfHosts(plan, 'nothing can be reached without the proxy') : []),
    ...(proxyPort === undefined
      ? []
      : lossesOfHosts(plan, 'programs that ignore proxy variables reach nothing, and are not seen')),
    ...(plan.permission.files.staging ? [staged] : []),
    ...lossesOfSecrets(plan, 'given by the environment at start'),
    'never run on real hardware by us',
  ]
}

function readable(path: string): string {
  return `(allow file-read* (subpath ${quoted(path)}))`
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
