import { basename } from 'node:path'
import { type SandboxTier, sandboxTiers } from '../core/launch.ts'
import { type Trust, trusts } from '../core/pin.ts'
import { execOptions, execUsage } from './exec-options.ts'
import { say } from './say.ts'

type Wish = {
  name?: string
  work?: string
  trust?: Trust
  unixSockets?: true
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
    process.stdout.write(execUsage())
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
  for (let i = 0; i < words.length; i++) {
    const option = words[i] ?? ''
    if (option === '--unix-sockets') {
      wish.unixSockets = true
      continue
    }
    const value = words[++i]
    const wrong = isKnown(option) ? take(wish, option, value) : unknown(option)
    if (wrong !== undefined) return wrong
  }
  return wish
}

function isKnown(word: string): boolean {
  return execOptions.some(({ flag }) => flag === word)
}

// A server that is named without the dashes before it is the mistake that everybody makes once.
function unknown(option: string): string {
  return option.startsWith('-') ? `unknown option ${option}` : `name the server after --: sallyport exec -- ${option} …`
}

function take(wish: Wish, option: string, value: string | undefined): string | undefined {
  if (value === undefined) return `${option} needs a value`
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
function permissionsOf({ read, write, net, child, unixSockets }: Wish): Readonly<Record<string, unknown>> | undefined {
  if (unixSockets === undefined && [read, write, net, child].every(({ length }) => length === 0)) return undefined
  return {
    files: { read, write },
    net: net.length === 0 ? 'none' : { hosts: net },
    children: child.length === 0 ? 'none' : child,
    ...(unixSockets === undefined ? {} : { unixSockets }),
  }
}
