import { basename } from 'node:path'
import type { Plan } from './plan.ts'
import type { Refused } from './program.ts'
import { secretsIn } from './secret-reference.ts'

/** What a target made of a plan: a file to read and run, and what of the document it cannot hold. */
export type Written = { readonly ok: true; readonly text: string; readonly losses: readonly string[] } | Refused

/** Variables that may stand in a file: literals of the document. Secrets are named, and handed over at the start. */
export function literalsOf({ env, permission }: Plan): Readonly<Record<string, string>> {
  const plain = ['PATH', 'HOME', 'TMPDIR', 'LANG'].filter(name => !(name in permission.env))
  const literal = Object.entries(permission.env).filter(([, value]) => secretsIn(value).length === 0)
  return Object.fromEntries([
    ...plain.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]] as const])),
    ...literal,
  ])
}

/** Variables that a file must not hold. */
export function withheldOf(plan: Plan): readonly string[] {
  const literals = literalsOf(plan)
  return Object.keys(plan.env).filter(name => !(name in literals))
}

/** Every string of a plan that ends up in a file or on a command line, with the name of its place. */
function stringsOf(plan: Plan): readonly (readonly [at: string, value: string])[] {
  const paths = [...plan.read, ...plan.write].flatMap(({ path, from }) => [path, from])
  return [
    ['program', plan.program],
    ['cwd', plan.cwd],
    ...plan.args.map(arg => ['args', arg] as const),
    ...[...paths, ...plan.code].map(path => ['files', path] as const),
    ...Object.entries(literalsOf(plan)).map(([name, value]) => [`env.${name}`, value] as const),
  ]
}

/** Refuses a plan of which a string cannot be written in a target's language without changing its meaning. */
export function refuseStrings(plan: Plan, target: string, bad: RegExp): Refused | undefined {
  const hit = stringsOf(plan).find(([, value]) => bad.test(value))
  if (hit === undefined) return undefined
  const reason = `${hit[0]} holds a character that a ${target} cannot hold`
  return { ok: false, reason, wayOut: 'rename it, or use another target' }
}

/** Interpreters come with a container image; the machine's own would not find its libraries there. */
export function isInterpreter(program: string): boolean {
  return /^(node|nodejs|bun|deno|python[0-9.]*|ruby|perl|php)$/u.test(basename(program))
}
