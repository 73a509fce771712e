import type { ServerName } from '../core/brand.ts'
import type { HostRule } from '../core/egress.ts'
import type { Account, Deed } from './account.ts'
import type { Carried } from './channel.ts'
import type { Greeting } from './greeting.ts'
import { isAddress, matchHost, plainHost } from './host-rule.ts'
import { isNameDeclared, judgeAddresses, judgeGreeting, judgeTarget, type Refusal, type Target } from './judge.ts'
import type { Ledger, Tally } from './ledger.ts'
import type { NameAnswer } from './name-question.ts'
import { recordType } from './name-question.ts'
import { nameSigns } from './name-signs.ts'
import { createNameTable, type NameTable } from './name-table.ts'
import { createNameWatch, type NameWatch } from './name-watch.ts'
import { createPace, type Pace } from './pace.ts'

/** What a desk needs from outside; the same for every room of a gateway. */
export type DeskTools = {
  readonly account: Account
  readonly ledger: Ledger
  readonly now: () => number
  readonly resolve: (name: string) => Promise<readonly string[]>
  readonly ownAddresses: () => readonly string[]
  readonly mayBePrivate: (server: ServerName, name: string) => boolean
  readonly volumeBytes: number
}

/** Judges and records all that one server does on its network. One desk per room: the room is who asks. */
export type Desk = {
  name(name: string, type: number): Promise<NameAnswer>
  dial(ask: number, to: Target): Promise<readonly string[]>
  greet(ask: number, greeting: Greeting): Promise<boolean>
  carried(ask: number, report: Carried): Promise<void>
  datagram(to: Target): Promise<void>
}

type Pending = {
  readonly target: Target
  readonly address: string
  readonly signs: readonly string[]
  isRecorded: boolean
}

const most = { pending: 512, deedsPerSecond: 200 } as const

type Room = {
  readonly server: ServerName
  readonly rules: readonly HostRule[]
  readonly tools: DeskTools
  readonly table: NameTable
  readonly watch: NameWatch
  readonly pace: Pace
  readonly pending: Map<number, Pending>
  readonly loud: Set<string>
}

export function createDesk(server: ServerName, rules: readonly HostRule[], tools: DeskTools): Desk {
  const room: Room = {
    ...{ server, rules, tools },
    table: createNameTable(),
    watch: createNameWatch(tools.now),
    pace: createPace(tools.now, most.deedsPerSecond),
    pending: new Map(),
    loud: new Set(),
  }
  return {
    name: (asking, type) => answerName(room, asking, type),
    dial: (ask, to) => judgeDial(room, ask, to),
    greet: (ask, greeting) => judgeFirstWords(room, ask, greeting),
    carried: (ask, report) => countBytes(room, ask, report),
    datagram: to => refuseDatagram(room, to),
  }
}

async function answerName(room: Room, asking: string, type: number): Promise<NameAnswer> {
  const name = plainHost(asking)
  const isDeclared = name !== undefined && isNameDeclared(name, room.rules)
  const many = !isDeclared && room.watch.isOneOfMany(asking) ? ['many-names'] : []
  const signs = [...nameSigns(asking), ...many]
  const isTunnel = !isDeclared && signs.length > 0
  const why = isTunnel ? `its name looks like a message (${signs.join(', ')})` : 'no declared host has this name'
  const refusal: Refusal = { code: name === undefined ? 'not-a-host' : 'not-declared', why }
  if (!room.watch.isRepeat(asking)) {
    const first = newsOf(room, asking, isDeclared ? { names: 1 } : { names: 1, refused: 1 })
    const deed: Deed = { what: 'name', host: asking, type, signs: [...first, ...signs] }
    if (!(await write(room, isDeclared ? deed : { ...deed, refusal }))) return { kind: 'unknown' }
  }
  if (name === undefined || isTunnel || isAddress(name)) return { kind: 'unknown' }
  if (type !== recordType.A) return { kind: 'empty' }
  // A name that nobody declared gets an address too: only so is the port known that a person may want to declare.
  const address = room.table.addressOf(name, isDeclared)
  return address === undefined ? { kind: 'unknown' } : { kind: 'address', address }
}

async function judgeDial(room: Room, ask: number, to: Target): Promise<readonly string[]> {
  const { server, rules, tools, table, pending } = room
  const verdict = judgeTarget({ host: table.nameOf(to.host) ?? to.host, port: to.port }, rules)
  const target = { host: verdict.host, port: to.port }
  if (!verdict.ok) return refuseDial(room, target, verdict.refusal)
  if (pending.size >= most.pending) return refuseDial(room, target, { code: 'flood', why: 'too many dials are open' })
  const isLiteral = isAddress(target.host) || target.host === 'localhost'
  const addresses = isLiteral ? [loopbackOr(target.host)] : await tools.resolve(target.host).catch(() => [])
  const match = matchHost(rules, target.host, to.port)
  const isNear = match.kind === 'match' && match.rule.mayBePrivate === true
  const mayBePrivate = isLiteral || tools.mayBePrivate(server, target.host) || (isNear ? 'lan' : false)
  const refusal = judgeAddresses(addresses, { mayBePrivate, own: tools.ownAddresses() })
  if (refusal !== undefined) return refuseDial(room, target, refusal)
  const signs = newsOf(room, target.host, { dials: 1 })
  pending.set(ask, { target, address: addresses[0] ?? '', signs, isRecorded: false })
  return addresses
}

async function refuseDial(room: Room, target: Target, refusal: Refusal): Promise<readonly string[]> {
  const signs = newsOf(room, target.host, { dials: 1, refused: 1 })
  // A refusal does not wait for its record: nothing passes either way, and the client learns it sooner.
  void write(room, { what: 'dial', ...target, refusal, signs })
  return []
}

async function judgeFirstWords(room: Room, ask: number, greeting: Greeting): Promise<boolean> {
  const dial = room.pending.get(ask)
  if (dial === undefined || dial.isRecorded) return false
  dial.isRecorded = true
  const refusal = judgeGreeting(dial.target, greeting, room.rules)
  const { target, signs, address } = dial
  const deed: Deed = { what: 'dial', ...target, signs, address, greeting: greeting.kind }
  if (refusal !== undefined) room.tools.ledger.add(room.server, target.host, { refused: 1 })
  const isWritten = await write(room, refusal === undefined ? deed : { ...deed, refusal })
  return isWritten && refusal === undefined
}

async function countBytes(room: Room, ask: number, { up, down, ended }: Carried): Promise<void> {
  const { server, tools, pending, loud } = room
  const dial = pending.get(ask)
  if (dial === undefined) return
  const { target, address, signs } = dial
  if (ended !== undefined) pending.delete(ask)
  const { total } = tools.ledger.add(server, target.host, { upBytes: up, downBytes: down })
  if (!dial.isRecorded && ended !== undefined) {
    dial.isRecorded = true
    await write(room, { what: 'dial', ...target, address, signs: [...signs, ended] })
  }
  if (total.upBytes < tools.volumeBytes || loud.has(target.host)) return
  loud.add(target.host)
  await write(room, { what: 'alert', ...target, signs: ['volume'] })
}

async function refuseDatagram(room: Room, { host, port }: Target): Promise<void> {
  const target = { host: room.table.nameOf(host) ?? host, port }
  const refusal: Refusal = { code: 'datagram', why: 'only TCP leaves; QUIC clients fall back to it' }
  const signs = newsOf(room, target.host, { dials: 1, refused: 1 })
  await write(room, { what: 'datagram', ...target, refusal, signs })
}

/** Records, within the pace that the record can stand; false means that it is not on record. */
async function write({ server, tools, pace }: Room, deed: Deed): Promise<boolean> {
  const space = pace()
  if (space === 'full') return false
  const refusal: Refusal = { code: 'flood', why: `more than ${most.deedsPerSecond} names and dials in a second` }
  try {
    await tools.account(server, space === 'free' ? deed : { what: 'alert', host: '*', refusal, signs: ['flood'] })
    return space === 'free'
  } catch {
    return false
  }
}

function newsOf({ server, tools }: Room, host: string, more: Partial<Tally>): string[] {
  return tools.ledger.add(server, host, more).isFirst ? ['first-seen'] : []
}

function loopbackOr(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}
