import { redactText } from '../audit/redact.ts'
import type { Redacted, ServerName } from '../core/brand.ts'
import type { Tool } from '../core/capability.ts'
import { type Finding, isAtLeast } from '../core/finding.ts'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import { checkEffects } from '../sandbox/effects.ts'
import type { Permission } from '../sandbox/permission.ts'

/** Holds what servers list against what they were started with. It stops nothing: the sandbox holds anyway. */
export type EffectWatch = {
  started(server: ServerName, permission: Permission): void
  /** A whole list, as it passed the guards. */
  listed(server: ServerName, tools: readonly Tool[]): void
}

export type EffectPorts = {
  record(event: Omit<AuditEvent, 'atMs' | 'tenant'>): void
  say(text: string): void
}

type Watched = {
  readonly permission: Permission
  readonly told: Set<string>
  seen: readonly Tool[]
}

/** A server that lists other tools each time is heard so many times until it is started with other permissions. */
const toldMax = 1000
const recordedMax = 50
const saidMax = 5

/** Tells each finding once for a server and its permissions: a list that is asked for again says nothing new. */
export function newEffectWatch({ record, say }: EffectPorts): EffectWatch {
  const servers = new Map<ServerName, Watched>()
  return {
    started(server, permission) {
      const known = servers.get(server)?.permission
      if (JSON.stringify(known) !== JSON.stringify(permission))
        servers.set(server, { permission, told: new Set(), seen: [] })
    },
    listed(server, tools) {
      const watched = servers.get(server)
      // A server on the network is not started here, and nobody knows what it may do.
      if (watched === undefined || isSame(watched.seen, tools)) return
      watched.seen = tools
      const fresh = checkEffects(tools, watched.permission).filter(finding => isNew(watched.told, finding))
      if (fresh.length === 0) return
      record({ kind: 'server', server, severity: severest(fresh), details: detailsOf(fresh, watched.permission) })
      say(`${server}: ${sentences(fresh)}`)
    },
  }
}

/** The catalog keeps one object for equal definitions, so that this costs one look at each tool of a list. */
function isSame(before: readonly Tool[], after: readonly Tool[]): boolean {
  return before.length === after.length && before.every((tool, i) => tool === after[i])
}

function isNew(told: Set<string>, { rule, facts }: Finding): boolean {
  const key = JSON.stringify([rule, facts])
  if (told.has(key) || told.size >= toldMax) return false
  told.add(key)
  return true
}

function severest(findings: readonly Finding[]): Finding['severity'] {
  return findings.map(({ severity }) => severity).reduce((a, b) => (isAtLeast(b, a) ? b : a))
}

function detailsOf(findings: readonly Finding[], { net, files, children }: Permission): AuditDetails {
  const named = (words: readonly string[] | 'none' | 'any') =>
    typeof words === 'string' ? redactText(words) : words.slice(0, recordedMax).map(word => redactText(word))
  return {
    event: redactText('effects'),
    allows: {
      'net.hosts': named(net === 'none' ? net : net.hosts),
      'files.write': named(files.write),
      children: named(children),
    },
    count: findings.length,
    findings: findings.slice(0, recordedMax).map(({ rule, facts }) => ({
      rule: redactText(rule),
      ...Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, redactText(String(fact), charsMax)])),
    })),
  }
}

const charsMax = 200

/** One sentence for each permission that is missing, whoever needs it: an API of forty tools is one piece of news. */
function sentences(findings: readonly Finding[]): Redacted {
  const alike = Map.groupBy(findings, ({ facts: { effect, needs, given } }) => JSON.stringify([effect, needs, given]))
  return redactText([...alike.values()].map(sentence).join('; '))
}

function sentence(findings: readonly Finding[]): string {
  const facts: Finding['facts'] = findings[0]?.facts ?? {}
  const { needs, given } = facts
  const effect = String(facts['effect'])
  const [does = effect, plural = effect] = deeds.get(effect) ?? []
  if (facts['tool'] === undefined) return `its permissions give ${given}, and none of its tools looks as if it ${does}`
  const names = findings.slice(0, saidMax).map(({ facts: { tool } }) => String(tool).slice(0, charsMax))
  const more = findings.length > saidMax ? ` and ${findings.length - saidMax} more` : ''
  const who = `${names.join(', ')}${more} ${findings.length === 1 ? `looks as if it ${does}` : `look as if they ${plural}`}`
  return `${who}, which needs ${needs}, and its permissions do not give that`
}

const deeds: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['send', ['sends', 'send']],
  ['spend', ['spends', 'spend']],
  ['write', ['writes', 'write']],
  ['destroy', ['destroys', 'destroy']],
  ['execute', ['runs programs', 'run programs']],
])
