import type { Permission } from './permission.ts'
import { secretsIn } from './secret-reference.ts'

/** What a server can and cannot do, one plain sentence a line. */
export type Explanation = { readonly can: readonly string[]; readonly cannot: readonly string[] }

/** Says a permission document in words, including what is refused because it was left out. */
export function explainPermission(permission: Permission): Explanation {
  const parts = [files(permission), network(permission), environment(permission), children(permission), own(permission)]
  return { can: parts.flatMap(part => part.can), cannot: parts.flatMap(part => part.cannot) }
}

function files({ files: { read, write, staging }, limits }: Permission): Explanation {
  const kept = 'change git hooks, editor or agent settings inside the folders it may write'
  const { diskMiB, diskFiles } = limits
  const others = read.length + write.length === 0 ? 'any of your files' : 'any other file of yours'
  return {
    can: [
      ...read.map(path => `read ${path}`),
      ...write.map(path =>
        staging
          ? `read ${path} and propose changes to it, which you review before they are applied`
          : `read and change ${path}`,
      ),
      ...(write.length === 0 ? [] : [`add up to ${diskMiB} MiB and ${diskFiles} files to these folders in a day`]),
    ],
    cannot: [
      `read or change ${others}`,
      ...(write.length === 0 ? ['change anything on the disk'] : staging ? [] : [kept]),
    ],
  }
}

function network({ net }: Permission): Explanation {
  if (net === 'none') return { can: [], cannot: ['reach the network, this machine’s own services, or another server'] }
  return {
    can: net.hosts.map(host => {
      const name = host.startsWith('*.') ? `every name under ${host.slice(2)}` : host
      return `reach ${name}${/:\d+$/u.test(host) ? '' : ':443'}, and send it anything it can read`
    }),
    cannot: ['reach any other name, address or port'],
  }
}

function environment({ env }: Permission): Explanation {
  const names = Object.keys(env)
  const secret = names.filter(name => secretsIn(env[name] ?? '').length > 0)
  const plain = names.filter(name => !secret.includes(name))
  return {
    can: [
      ...secret.map(
        name =>
          `use the secret ${secretsIn(env[name] ?? '')
            .map(({ store, name }) => `${store}:${name}`)
            .join(', ')} as ${name}`,
      ),
      ...(plain.length > 0 ? [`see the variables ${plain.join(', ')}`] : []),
    ],
    cannot: ['see any other environment variable or credential of yours'],
  }
}

function children({ children, unixSockets }: Permission): Explanation {
  const sockets = unixSockets
    ? ['make unix sockets, and reach those that other programs keep in the folders it is given']
    : []
  if (children === 'any') return { can: ['start any program of /usr, inside the same walls', ...sockets], cannot: [] }
  if (children === 'none') return { can: sockets, cannot: ['start other programs, such as a shell'] }
  return { can: [`start ${children.join(', ')}, inside the same walls`, ...sockets], cannot: ['start other programs'] }
}

function own({ limits }: Permission): Explanation {
  return {
    can: [
      `use ${limits.memoryMiB} MiB of memory, ${limits.pids} processes and threads, and ${limits.tmpMiB} MiB of /tmp, which is emptied when it ends`,
    ],
    cannot: ['see or signal processes outside', 'outlive the gateway'],
  }
}
