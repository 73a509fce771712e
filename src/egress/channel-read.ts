import type { Carried, Order, Report } from './channel.ts'
import type { Greeting } from './greeting.ts'
import type { NameAnswer } from './name-question.ts'

/** An order out of what came over the channel; undefined for anything else. */
export function readOrder(value: unknown): Order | undefined {
  const { do: what, room, ask, port, addresses, isAllowed, answer } = membersOf(value)
  if (what === 'make' || what === 'drop') return isCount(room) ? { do: what, room } : undefined
  if (what === 'beat') return { do: what }
  if (!isCount(ask)) return undefined
  if (what === 'pass') return { do: what, ask, isAllowed: isAllowed === true }
  if (what === 'dial' && isCount(port) && isTexts(addresses)) return { do: what, ask, addresses, port }
  if (what === 'answer') return { do: what, ask, answer: readAnswer(answer) }
  return undefined
}

/** A report out of what came over the channel; undefined for anything else. */
export function readReport(value: unknown): Report | undefined {
  const members = membersOf(value)
  const { is, room, ask, pid, why, name, type, address, port, greeting } = members
  if (!isCount(room)) return undefined
  if (is === 'alive') return { is, room: 0 }
  if (is === 'made') return isCount(pid) ? { is, room, pid } : undefined
  if (is === 'failed') return { is, room, why: typeof why === 'string' ? why : 'no reason given' }
  if (is === 'datagram') return isText(address) && isCount(port) ? { is, room, address, port } : undefined
  if (!isCount(ask)) return undefined
  if (is === 'name') return isText(name) && isCount(type) ? { is, room, ask, name, type } : undefined
  if (is === 'dial') return isText(address) && isCount(port) ? { is, room, ask, address, port } : undefined
  if (is === 'greeting') return { is, room, ask, greeting: readGreetingReport(greeting) }
  if (is === 'carried') return { is, room, ask, ...readCarried(members) }
  return undefined
}

function readAnswer(value: unknown): NameAnswer {
  const { kind, address } = membersOf(value)
  if (kind === 'address' && isText(address)) return { kind, address }
  return { kind: kind === 'empty' ? kind : 'unknown' }
}

function readGreetingReport(value: unknown): Greeting {
  const { kind, name, host, port, why } = membersOf(value)
  if (kind === 'tls') return { kind, name: isText(name) ? name : undefined }
  if (kind === 'http' && isText(host)) return { kind, host, port: isCount(port) ? port : undefined }
  if (kind === 'connect' && isText(host) && isCount(port)) return { kind, host, port }
  if (kind === 'other') return { kind }
  return { kind: 'unreadable', why: isText(why) ? why : 'it could not be read' }
}

function readCarried({ up, down, ended }: Members): Carried {
  const bytes = { up: isCount(up) ? up : 0, down: isCount(down) ? down : 0 }
  const isEnd = ended === 'closed' || ended === 'unreachable' || ended === 'refused' || ended === 'broken'
  return isEnd ? { ...bytes, ended } : bytes
}

type Members = { readonly [key: string]: unknown }

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2048
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isText)
}
