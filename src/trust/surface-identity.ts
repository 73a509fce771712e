import { createHash } from 'node:crypto'
import { programName } from '../core/engine-words.ts'
import { type EngineRun, readEngineRun } from './engine-run.ts'
import { readImage } from './image-reference.ts'

/** How a server is reached, as far as it says who it is. */
export type Reached =
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly cwd: string }
  | { readonly kind: 'url'; readonly url: string }

/**
 * Who a server is, in words that may be stored and shown: its package, image, program or address. Arguments are left
 * out, since they may hold secrets and clients rewrite them; the version too: a new one under a new identity would be looked
 * at for the first time again, which is what whoever swaps it wants.
 */
export function identityOf(name: string, reached: Reached): string {
  return `${name} ${reached.kind === 'url' ? address(reached.url) : program(reached.command, reached.cwd)}`
}

/** The version or digest that a command itself names: `1.2.3` of `npx name@1.2.3`, the digest of an image. */
export function artefactIn(reached: Reached): string | undefined {
  if (reached.kind === 'url') return undefined
  const [first = '', ...rest] = reached.command
  const run = readEngineRun(reached.command)
  if (run !== undefined) return run.kind === 'image' ? readImage(run.image)?.digest : undefined
  const named = packageIn(programName(first), rest)
  return /(?<=.)@([0-9][\w.+-]*)$|==([0-9][\w.+!-]*)$/u
    .exec(named ?? '')
    ?.slice(1)
    .find(Boolean)
}

function address(text: string): string {
  const url = new URL(text)
  // Two tenants of one address are told apart by the query, which may hold a key: only its digest is kept.
  const query = url.search === '' ? '' : `?${createHash('sha256').update(url.search).digest('hex').slice(0, 16)}`
  return `${url.protocol}//${url.host}${url.pathname}${query}`
}

const runners: Readonly<Record<string, readonly (readonly string[])[]>> = {
  npx: [[]],
  bunx: [[]],
  pnpx: [[]],
  npm: [['exec'], ['x']],
  pnpm: [['dlx'], ['exec']],
  uvx: [[]],
  uv: [['tool', 'run']],
  pipx: [['run']],
}
const interpreters = /^(?:node|nodejs|deno|bun|tsx|python[\d.]*|pypy\d?|ruby|perl|php|java)$/u

function program(command: readonly string[], cwd: string): string {
  const [first = '', ...rest] = command
  const run = readEngineRun(command)
  if (run !== undefined) return started(run)
  const name = programName(first)
  const named = packageIn(name, rest)
  if (named !== undefined) return `package:${named.replace(/(?<=.)(?:@|==).*$/u, '')}`
  const script = interpreters.test(name) ? rest.find(word => !word.startsWith('-')) : undefined
  return script === undefined ? `program:${first}` : `program:${script.startsWith('/') ? script : `${cwd}/${script}`}`
}

/** Two spellings of one repository are one server. Where no image can be read off, all that the engine starts is one. */
function started(run: EngineRun): string {
  if (run.kind === 'unheld') return `engine:${run.engine}`
  const image = run.kind === 'image' ? readImage(run.image) : undefined
  return image === undefined ? 'image:unreadable' : `image:${image.repository}`
}

function packageIn(name: string, rest: readonly string[]): string | undefined {
  const verb = Object.hasOwn(runners, name)
    ? runners[name]?.find(words => words.every((word, i) => rest[i] === word))
    : undefined
  return verb === undefined ? undefined : rest.slice(verb.length).find(word => !word.startsWith('-'))
}
