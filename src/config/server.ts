import { dirname, resolve } from 'node:path'
import type { ServerName } from '../core/brand.ts'
import { valuesOf } from '../core/option.ts'
import type { Connect, ServerConfig } from './config.ts'
import type { JoinedServer } from './join.ts'
import type { Path } from './problem.ts'
import { type Secret, secretOf } from './secret.ts'
import { serverOptions } from './settings.ts'

export type ServerProblem = { readonly path: Path; readonly text: string }
export type ServerResult =
  | { readonly ok: true; readonly server: ServerConfig }
  | { readonly ok: false; readonly problems: readonly ServerProblem[] }

/** Makes one server of what was written about it: paths absolute, references kept as references. */
export function serverOf(name: string, written: JoinedServer): ServerResult {
  const problems: ServerProblem[] = []
  const notes: Notes = { problems, path: ['servers', name], folder: dirname(resolve(written.from.path)) }
  const connect = connectOf(written, notes)
  const settings = valuesOf(serverOptions, { ...written })
  if (connect === undefined || problems.length > 0) return { ok: false, problems }
  const { tools = {}, effects = {}, permissions } = written
  const traits = { writers: settings.writers, ...(settings.framing ? {} : { framing: false }), ...tools }
  const effectsByTool = new Map(Object.entries(effects))
  return {
    ok: true,
    server: { name: name as ServerName, connect, traits, settings, effects: effectsByTool, permissions },
  }
}

type Notes = { readonly problems: ServerProblem[]; readonly path: Path; readonly folder: string }

function connectOf(written: JoinedServer, notes: Notes): Connect | undefined {
  const { command, url } = written
  if ((command === undefined) === (url === undefined))
    return wrong(notes, [], 'needs either command (a local program) or url (a remote server)')
  if (command !== undefined) return commandOf(command, written, notes)
  return url === undefined ? undefined : urlOf(url, written, notes)
}

function wrong({ problems, path }: Notes, at: Path, text: string): undefined {
  problems.push({ path: [...path, ...at], text })
}

function commandOf(words: readonly string[], written: JoinedServer, notes: Notes): Connect | undefined {
  const [program = '', ...args] = words
  if (written.headers !== undefined) wrong(notes, ['headers'], 'belongs to a url')
  for (const [index, word] of words.entries()) {
    if (word.includes('\0')) wrong(notes, ['command', index], 'holds a NUL character')
    if (word.includes('${')) wrong(notes, ['command', index], argumentReference)
  }
  const isPath = program.startsWith('./') || program.startsWith('../')
  const cwd = resolve(notes.folder, written.cwd ?? '.')
  const env = secretsOf('env', written.env, notes)
  return { kind: 'command', command: [isPath ? resolve(notes.folder, program) : program, ...args], cwd, env }
}

const argumentReference =
  'holds a reference, but every process on this machine can read arguments; put the value into env or a file'

function urlOf(url: string, written: JoinedServer, notes: Notes): Connect | undefined {
  const { username, password } = new URL(url)
  for (const key of ['env', 'cwd', 'permissions'] as const)
    if (written[key] !== undefined) wrong(notes, [key], 'belongs to a command')
  if (username !== '' || password !== '')
    return wrong(notes, ['url'], 'holds a user or password; put them into headers as a reference')
  for (const name of Object.keys(written.headers ?? {}))
    if (ownHeaders.test(name)) wrong(notes, ['headers', name], 'is set by the gateway itself')
  return { kind: 'url', url, headers: secretsOf('headers', written.headers, notes) }
}

/** Framing and protocol: a second opinion on these is how two parsers are made to disagree. */
const ownHeaders =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|upgrade|trailer|keep-alive|expect|accept|accept-encoding|last-event-id|mcp-.*|proxy-.*)$/iu

function secretsOf(key: 'env' | 'headers', texts: Readonly<Record<string, string>> = {}, notes: Notes): SecretMap {
  const secrets = new Map<string, Secret>()
  for (const [name, text] of Object.entries(texts)) {
    const made = secretOf(text, path => resolve(notes.folder, path))
    if (!made.ok) wrong(notes, [key, name], made.text)
    else if (/[\0\r\n]/u.test(text) && key === 'headers') wrong(notes, [key, name], 'holds a line break')
    else secrets.set(name, made.secret)
  }
  return secrets
}

type SecretMap = ReadonlyMap<string, Secret>
