import { basename } from 'node:path'
import { type SandboxTier, sandboxTiers } from '../core/launch.ts'
import { type Trust, trusts } from '../core/pin.ts'
import { say } from './say.ts'

const usage = `Usage: sallyport exec [options] -- COMMAND [ARGUMENTS]

Runs one MCP server over stdio, guarded and sandboxed with the defaults. Put it in front of the command in a
client's configuration: no other configuration is needed.

Options:
  --name NAME         what the server is called in the record (default: the command's name)
  --sandbox TIER      weakest sandbox that is good enough: ${sandboxTiers.join(', ')} (default: full)
  --read PATH         a file or folder that the server may read; may be repeated
  --write PATH        a file or folder that the server may change; may be repeated
  --net HOST:PORT     a host that the server may reach; may be repeated
  --child PROGRAM     another program that the server may start; may be repeated
  --env NAME          a variable of this environment that the server gets; may be repeated
  --trust MODE        changes of what the server says: scan asks a person (default), auto takes them, manual asks at first use too
  --work NAME         the piece of work that this belongs to
  -h, --help          this text

Example:
  sallyport exec --read ~/notes -- npx -y @modelcontextprotocol/server-filesystem ~/notes
`

type Wish = {
  name?: string
  work?: string
  trust?: Trust
  sandbox: SandboxTier
  readonly read: string[]
  readonly write: string[]
  readonly net: string[]
  readonly env: string[]
  readonly child: string[]
}

/** `sallyport exec`: read by hand, so that the first byte is not kept waiting for an argument parser. */
export async function runExec(words: readonly string[]): Promise<number> {
  const end = words.indexOf('--')
  const options = end < 0 ? words : words.slice(0, end)
  if (options.includes('-h') || options.includes('--help')) {
    process.stdout.write(usage)
    return 0
  }
  const [program, ...args] = end < 0 ? [] : words.slice(end + 1)
  const wish = wishOf(options)
  if (typeof wish === 'string' || program === undefined) {
    process.stderr.write(
      `sallyport exec: ${typeof wish === 'string' ? wish : 'name the server after --'}\n(sallyport exec --help shows what there is)\n`,
    )
    return 2
  }
  const { execServer } = await import('../gateway/exec.ts')
  const permissions = permissionsOf(wish)
  return execServer({
    command: [program, ...args],
    name: wish.name ?? nameOf(program, args),
    accept: sandboxTiers.slice(0, sandboxTiers.indexOf(wish.sandbox) + 1),
    env: wish.env,
    ...(permissions === undefined ? {} : { permissions }),
    ...(wish.work === undefined ? {} : { work: wish.work }),
    ...(wish.trust === undefined ? {} : { trust: wish.trust }),
    say: text => say(`sallyport: ${text}`),
  })
}

/** What people call the server: the package behind a runner, or the program, without the words that all of them share. */
export function nameOf(program: string, args: readonly string[]): string {
  const runners = ['npx', 'uvx', 'bunx', 'pnpx', 'node', 'python', 'python3']
  const isRunner = runners.includes(basename(program))
  const subject = (isRunner ? args.find(word => !word.startsWith('-')) : undefined) ?? program
  const [, scoped = subject] = /^(@[^/]+\/[^/@]+|[^@/]+)@/u.exec(subject) ?? []
  const plain = basename(scoped).replace(/\.[cm]?[jt]s$|\.py$/u, '')
  return plain.replace(/^(?:mcp-server-|server-|mcp-)/u, '').replaceAll(/[^\w-]/gu, '-') || 'server'
}

function wishOf(words: readonly string[]): Wish | string {
  const wish: Wish = { sandbox: 'full', read: [], write: [], net: [], env: [], child: [] }
  for (let i = 0; i < words.length; i += 2) {
    const [option = '', value] = [words[i], words[i + 1]]
    if (value === undefined) return `${option} needs a value`
    const wrong = take(wish, option, value)
    if (wrong !== undefined) return wrong
  }
  return wish
}

function take(wish: Wish, option: string, value: string): string | undefined {
  switch (option) {
    case '--name':
      wish.name = value
      return undefined
    case '--work':
      wish.work = value
      return undefined
    case '--trust': {
      const mode = trusts.find(known => known === value)
      if (mode === undefined) return `--trust ${value}: there are ${trusts.join(', ')}`
      wish.trust = mode
      return undefined
    }
    case '--sandbox': {
      const tier = sandboxTiers.find(known => known === value)
      if (tier === undefined) return `--sandbox ${value}: there are ${sandboxTiers.join(', ')}`
      wish.sandbox = tier
      return undefined
    }
    case '--env':
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(value))
        return `--env takes the name of a variable of this environment, and not ${value.includes('=') ? 'its value' : 'what was given'}`
      wish.env.push(value)
      return undefined
    case '--read':
    case '--write':
    case '--net':
    case '--child':
      wish[listOf[option]].push(value)
      return undefined
    default:
      return `unknown option ${option}`
  }
}

const listOf = { '--read': 'read', '--write': 'write', '--net': 'net', '--child': 'child' } as const

/** The permission document that the options spell; undefined leaves it to the presets, which a credential does not replace. */
function permissionsOf({ read, write, net, child }: Wish): Readonly<Record<string, unknown>> | undefined {
  if ([read, write, net, child].every(({ length }) => length === 0)) return undefined
  return {
    files: { read, write },
    net: net.length === 0 ? 'none' : { hosts: net },
    children: child.length === 0 ? 'none' : child,
  }
}
