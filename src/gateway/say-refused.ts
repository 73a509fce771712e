import { constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { printable } from '../audit/printable.ts'
import { redactText } from '../audit/redact.ts'
import type { ServerName } from '../core/brand.ts'
import { createObservation, type Observation } from '../egress/observation.ts'
import { drift } from '../egress/smallest-document.ts'
import type { Permission } from '../sandbox/permission.ts'
import { resolveDeclared } from '../sandbox/real-path.ts'
import type { SaidRefusal } from '../sandbox/refused-words.ts'
import type { DenialPorts } from './denial-watch.ts'
import { type Drift, documentOf, lineOf, optionOf } from './document-line.ts'

/** What a server was started with, and what was told of it since. */
export type Held = {
  readonly server: ServerName
  readonly permission: Permission
  /** Where its permissions come from. */
  readonly source: string
  readonly command: readonly string[]
  readonly told: Set<string>
}

/** Lines that are proposed for one start of a server. */
const toldMax = 20

/** Records and says, once each, which line of its document would give a server what it says it was refused. */
export async function sayRefused(held: Held, said: readonly SaidRefusal[], ports: DenialPorts): Promise<void> {
  if (held.told.size >= toldMax) return
  for (const one of await lackingIn(held, said)) {
    const key = `${one.kind} ${one.value}`
    if (held.told.has(key) || held.told.size >= toldMax) continue
    held.told.add(key)
    tell(held, one, ports)
  }
}

/** What of it this machine has and the document does not give. The rest is missing without a sandbox, too. */
async function lackingIn({ permission, command }: Held, said: readonly SaidRefusal[]): Promise<readonly Drift[]> {
  const wished = createObservation()
  for (const refusal of said) await wish(wished, refusal)
  const document = documentOf(permission, command, wished)
  const found = drift(document, wished, { command, home: homedir(), code: [] })
  return found.filter(({ kind }) => kind !== 'child' || permission.children !== 'any')
}

async function wish(wished: Observation, { want, what, isBare, words }: SaidRefusal): Promise<void> {
  if (want === 'write' && ((await isThere(what)) || (await isThere(dirname(what))))) wished.writes.set(what, words)
  if (want === 'read' && (await isThere(what))) {
    if (programFolders.includes(dirname(what))) wished.children.set(what, words)
    else wished.reads.set(what, words)
    return
  }
  if (want === 'write') return
  // A path that nobody has is no program elsewhere of the same name.
  if (want === 'read' && isBare !== true) return
  const program = await findProgram(want === 'start' ? what : basename(what))
  if (program !== undefined) wished.children.set(program, words)
}

const programFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin']

async function findProgram(name: string): Promise<string | undefined> {
  const paths = isAbsolute(name) ? [name] : programFolders.map(folder => join(folder, name))
  for (const path of paths) if (await isProgram(path)) return path
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    async () => (await stat(path)).isFile(),
    () => false,
  )
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function tell(held: Held, one: Drift, { record, say, grants }: DenialPorts): void {
  const { server } = held
  const { kind, value, because } = one
  const isFile = kind === 'read' || kind === 'write'
  const resolved = isFile ? resolveDeclared(value, kind, homedir()) : undefined
  const isGivable = resolved?.ok !== false
  const wayOut = isGivable
    ? `if it needs that, ${grants === 'options' ? byOption(held, one) : byLine(held, one)}`
    : `no document may give it: it ${resolved.why}`
  say(printable(redactText(`${server} says that it was refused ${JSON.stringify(value)} (${because}); ${wayOut}`)))
  const details = {
    event: redactText('refused'),
    what: redactText(kind),
    value: redactText(value),
    words: redactText(because),
    ...(isGivable ? { line: redactText(lineOf(one)) } : {}),
  }
  record({ kind: 'server', server, severity: isGivable ? 'low' : 'medium', details })
}

function byLine({ server, source }: Held, one: Drift): string {
  const begin = source.startsWith('preset') ? ` (begin from: sallyport sandbox print ${server} -t document)` : ''
  return `add ${lineOf(one)} to servers.${server}.permissions${begin}`
}

/** A client starts the command again as its configuration has it, so that is where the option belongs. */
function byOption({ source }: Held, one: Drift): string {
  const begin = source.startsWith('preset')
    ? `; options take the place of the ${source}, so name what that gives, too`
    : ''
  return `add ${optionOf(one)} before -- to the words of sallyport exec${begin}`
}
