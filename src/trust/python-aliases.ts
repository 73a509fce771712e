import type { PythonToken } from './python-tokens.ts'

export type PythonImport = { readonly name: string; readonly line: number }

export type PythonAliases = {
  /** What a name stands for: `s` is `os.system` after `from os import system as s`. */
  readonly aliases: ReadonlyMap<string, string>
  readonly imports: readonly PythonImport[]
}

const aliasesMax = 20_000
// What `from os import *` would bring, as far as it matters.
const starred: Readonly<Record<string, readonly string[]>> = {
  os: ['system', 'popen', 'environ', 'getenv', 'execv', 'execve', 'execvp', 'spawnv', 'fork', 'posix_spawn'],
  posix: ['system', 'execv', 'fork', 'environ'],
  subprocess: ['run', 'Popen', 'call', 'check_call', 'check_output', 'getoutput', 'getstatusoutput'],
  builtins: ['eval', 'exec', '__import__'],
  importlib: ['import_module', 'reload'],
}

/**
 * Names that stand for modules and their members, wherever in the file they are bound: what a function binds counts for
 * all of it, since a name that could be `os` is read as `os`.
 */
export function pythonAliases(tokens: readonly PythonToken[]): PythonAliases {
  const aliases = new Map<string, string>()
  const imports: PythonImport[] = []
  const bind = (name: string, to: string) => {
    if (aliases.size < aliasesMax && name !== to) aliases.set(name, to)
  }
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.kind !== 'name' || tokens[at - 1]?.text === '.') continue
    if (tokens[at]?.text === 'import' && !isInFrom(tokens, at)) readImport(tokens, at + 1, { bind, imports })
    else if (tokens[at]?.text === 'from') readFrom(tokens, at + 1, { bind, imports })
  }
  // Twice, so that a name may stand for one that is bound below it.
  for (let round = 0; round < 2; round++)
    for (let at = 0; at < tokens.length; at++) {
      const set = assignedAt(tokens, at, aliases)
      if (set !== undefined) bind(set.name, set.to)
    }
  return { aliases, imports }
}

type Sink = { readonly bind: (name: string, to: string) => void; readonly imports: PythonImport[] }

/** Words between `from` and `import`; what is longer counts as an import too. */
const fromWordsMax = 100

function isInFrom(tokens: readonly PythonToken[], at: number): boolean {
  const least = Math.max(0, at - fromWordsMax)
  for (let back = at - 1; back >= least && tokens[back]?.kind !== 'line' && tokens[back]?.text !== ';'; back--)
    if (tokens[back]?.kind === 'name' && tokens[back]?.text === 'from' && tokens[back - 1]?.text !== 'yield')
      return true
  return false
}

function dotted(tokens: readonly PythonToken[], from: number): { readonly path: string; readonly next: number } {
  let path = ''
  let next = from
  const isStep = (token: PythonToken | undefined) =>
    token?.kind === 'name' && (path === '' || path.endsWith('.')) && !isWord(token)
  while (tokens[next]?.text === '.' || isStep(tokens[next])) {
    path += tokens[next]?.text ?? ''
    next++
  }
  return { path, next }
}

function isWord(token: PythonToken | undefined): boolean {
  return token?.text === 'import' || token?.text === 'as'
}

/** `import a.b as c, d`. */
function readImport(tokens: readonly PythonToken[], from: number, { bind, imports }: Sink): void {
  for (let at = from; ; ) {
    const { path, next } = dotted(tokens, at)
    if (path === '') return
    imports.push({ name: path, line: tokens[at]?.line ?? 0 })
    const isNamed = tokens[next]?.text === 'as'
    if (isNamed) bind(tokens[next + 1]?.text ?? '', path)
    const end = isNamed ? next + 2 : next
    if (tokens[end]?.text !== ',') return
    at = end + 1
  }
}

/** `from a.b import (c as d, e)`, over as many lines as the parentheses hold. */
function readFrom(tokens: readonly PythonToken[], from: number, { bind, imports }: Sink): void {
  const { path, next } = dotted(tokens, from)
  if (path === '' || tokens[next]?.text !== 'import') return
  imports.push({ name: path, line: tokens[from]?.line ?? 0 })
  const isOpen = tokens[next + 1]?.text === '('
  for (let at = isOpen ? next + 2 : next + 1; at < tokens.length; at++) {
    const token = tokens[at]
    // No name of a member: another statement began.
    if (token?.kind === 'name' && (token.text === 'from' || token.text === 'import')) return
    if (token?.text === ')' || token?.text === ';' || (token?.kind === 'line' && !isOpen)) return
    if (token?.text === '*') for (const each of starred[path] ?? []) bind(each, `${path}.${each}`)
    if (token?.kind !== 'name') continue
    const isNamed = tokens[at + 1]?.text === 'as'
    const whole = path.endsWith('.') ? `${path}${token.text}` : `${path}.${token.text}`
    bind(tokens[isNamed ? at + 2 : at]?.text ?? '', whole)
    imports.push({ name: whole, line: token.line })
    if (isNamed) at += 2
  }
}

const telling =
  /^(?:os|sys|builtins|subprocess|socket|importlib|posix|ctypes|pty|eval|exec|compile|__import__|getattr)(?:\.|$)/u

/** `run = os.system`, and nothing longer: what is computed is not known. */
function assignedAt(
  tokens: readonly PythonToken[],
  at: number,
  aliases: ReadonlyMap<string, string>,
): { readonly name: string; readonly to: string } | undefined {
  const [name, sign] = [tokens[at], tokens[at + 1]]
  if (name?.kind !== 'name' || sign?.text !== '=' || tokens[at + 2]?.kind !== 'name') return undefined
  if (tokens[at - 1]?.text === '.') return undefined
  const { path, next } = dotted(tokens, at + 2)
  const end = tokens[next]
  if (end !== undefined && end.kind !== 'line' && ![';', ',', ')'].includes(end.text)) return undefined
  const [first = '', ...rest] = path.split('.')
  const target = [aliases.get(first) ?? first, ...rest].join('.')
  return telling.test(target) ? { name: name.text, to: target } : undefined
}
