import type { PythonToken } from './python-tokens.ts'
import type { FactKind } from './source-facts.ts'

/** The words of a module, what its names stand for, and where to note what it does. */
export type PythonWalk = {
  readonly tokens: readonly PythonToken[]
  readonly aliases: ReadonlyMap<string, string>
  readonly imports: ReadonlySet<string>
  readonly note: (kind: FactKind, what: string, line: number) => void
}

/** Modules whose members start programs, load code or show secrets. */
export const watched = /^(?:os|sys|builtins|__builtins__|socket|subprocess|importlib|posix|ctypes)$/u
/** Members of them that do. */
export const deeds =
  /^(?:system|popen\w*|exec\w*|eval|spawn\w*|posix_spawn\w*|fork|socket|__import__|environ|getenv|Popen|run|call)$/u
const reflection =
  /^__(?:subclasses|globals|builtins|code|import|loader|mro|bases|getattribute|reduce|reduce_ex|closure)__$/u
const reachingMembers = /^(?:create_connection|open_connection|sock_connect|create_datagram_endpoint)$/u
const startingMembers = /^(?:subprocess_exec|subprocess_shell|create_subprocess_exec|create_subprocess_shell)$/u
const scopes = new Set(['globals', 'vars', 'locals'])

/** Ways around the names that a reader looks for: what is handed on as a value, or asked for by a text. */
export function seePythonEvasion({ tokens, aliases, imports, note }: PythonWalk, at: number): void {
  const token = tokens[at]
  if (token === undefined) return
  const { text, line } = token
  const [before, next] = [tokens[at - 1]?.text, tokens[at + 1]?.text]
  if (reflection.test(text)) note('dynamic-code', text, line)
  const owner = tokens[at - 2]?.text ?? ''
  if (text === '__dict__' && before === '.' && watched.test(aliases.get(owner) ?? owner))
    note('dynamic-code', `${owner}.__dict__`, line)
  if (token.kind === 'text') return
  if (before === '.') {
    if (next === '(' && reachingMembers.test(text)) note('network', text, line)
    if (next === '(' && startingMembers.test(text)) note('child', 'runs a program named at run time', line)
    return
  }
  const target = aliases.get(text) ?? text
  if (scopes.has(target) && next === '(') seeScope({ tokens, note }, at)
  const isModule = watched.test(target) && target !== 'sys' && (imports.has(target) || target === '__builtins__')
  const isHandedOn = next !== '.' && next !== '=' && before !== 'def' && before !== 'class'
  if (isModule && isHandedOn && !isBare(tokens, at)) note('dynamic-code', `${target}, handed on as a value`, line)
  if (
    /^(?:operator\.)?(?:attrgetter|methodcaller)$/u.test(target) &&
    next === '(' &&
    deeds.test(tokens[at + 2]?.text ?? '')
  )
    note('dynamic-code', `a member called ${tokens[at + 2]?.text}, asked for by its name`, line)
}

/** `globals()['x']` and `vars(os).get('x')`: a name that is a text. */
function seeScope({ tokens, note }: Pick<PythonWalk, 'tokens' | 'note'>, at: number): void {
  const end = tokens[at + 2]?.text === ')' ? at + 3 : at + 4
  const follows = tokens[end]?.text
  if (follows === '[' || follows === '.')
    note('dynamic-code', `${tokens[at]?.text}(), asked for a name that is a text`, tokens[at]?.line ?? 0)
}

/** An import names a module and does nothing with it; `hasattr(os, 'fork')` only asks. */
function isBare(tokens: readonly PythonToken[], at: number): boolean {
  if (tokens[at - 1]?.text === '(' && tokens[at - 2]?.text === 'hasattr') return true
  for (let back = at - 1; back >= 0 && at - back < 200; back--) {
    const word = tokens[back]
    if (word?.text === 'import' || word?.text === 'from') return true
    if (word?.kind === 'line' || word?.text === ';' || word?.text === ':') return false
  }
  return false
}
