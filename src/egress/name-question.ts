import { plainHost } from './host-rule.ts'

/** The one question of a DNS query. */
export type Question = {
  readonly id: number
  readonly name: string
  readonly type: number
  /** The question as it came, to be sent back: some clients compare its letters. */
  readonly bytes: Buffer
  readonly wantsRecursion: boolean
}

/** Kinds of record that questions are told apart by. */
export const recordType = { A: 1, AAAA: 28 } as const

const headerBytes = 12
const nameBytesMax = 255

/** Reads a query; undefined for everything that is not exactly one plain question. Compression has no place in one. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.length < headerBytes + 5 || message.length > 4096) return undefined
  const flags = message.readUInt16BE(2)
  if ((flags & 0xf800) !== 0 || message.readUInt16BE(4) !== 1) return undefined
  const labels: string[] = []
  let at = headerBytes
  for (;;) {
    const length = message[at]
    if (length === undefined || length > 63) return undefined
    if (length === 0) break
    if (at + 1 + length > message.length || at + 1 + length - headerBytes > nameBytesMax) return undefined
    labels.push(labelText(message.subarray(at + 1, at + 1 + length)))
    at += 1 + length
  }
  if (at + 5 > message.length) return undefined
  const bytes = Buffer.from(message.subarray(headerBytes, at + 5))
  const type = message.readUInt16BE(at + 1)
  const wantsRecursion = (flags & 0x0100) !== 0
  return { id: message.readUInt16BE(0), name: labels.join('.').toLowerCase(), type, bytes, wantsRecursion }
}

// A dot inside a label would read as two labels, and other bytes could break the line of a log.
function labelText(label: Buffer): string {
  let text = ''
  for (const byte of label) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c
    text += isPlain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`
  }
  return text
}

export type NameAnswer = { readonly kind: 'address'; readonly address: string } | { readonly kind: 'empty' | 'unknown' }

const ttlSeconds = 30

/** The reply to a question: one IPv4 address, no data of that kind, or no such name. */
export function writeAnswer(question: Question, answer: NameAnswer): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(question.id, 0)
  header.writeUInt16BE(0x8080 | (question.wantsRecursion ? 0x0100 : 0) | (answer.kind === 'unknown' ? 3 : 0), 2)
  header.writeUInt16BE(1, 4)
  if (answer.kind !== 'address') return Buffer.concat([header, question.bytes])
  header.writeUInt16BE(1, 6)
  const record = Buffer.alloc(16)
  record.writeUInt16BE(0xc000 | headerBytes, 0)
  record.writeUInt16BE(recordType.A, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(ttlSeconds, 6)
  record.writeUInt16BE(4, 10)
  answer.address.split('.').forEach((part, i) => void record.writeUInt8(Number(part), 12 + i))
  return Buffer.concat([header, question.bytes, record])
}

const recordsMax = 64

/** The name that an answer is about and the addresses it gives; undefined for everything that is no such answer. */
export function addressesInAnswer(message: Buffer): { name: string; addresses: readonly string[] } | undefined {
  if (message.length < headerBytes || (message.readUInt16BE(2) & 0x8000) === 0) return undefined
  const asQuestion = Buffer.from(message)
  asQuestion.writeUInt16BE(0x0100, 2)
  const question = readQuestion(asQuestion)
  if (question === undefined) return undefined
  const addresses: string[] = []
  const records = Math.min(message.readUInt16BE(6), recordsMax)
  for (let i = 0, at = headerBytes + question.bytes.length; i < records; i++) {
    const start = afterName(message, at)
    if (start === undefined || start + 10 > message.length) break
    const data = message.subarray(start + 10, start + 10 + message.readUInt16BE(start + 8))
    const type = message.readUInt16BE(start)
    if (type === recordType.A && data.length === 4) addresses.push([...data].join('.'))
    const six = plainHost((data.toString('hex').match(/.{4}/gu) ?? []).join(':'))
    if (type === recordType.AAAA && data.length === 16 && six !== undefined) addresses.push(six)
    at = start + 10 + data.length
  }
  return { name: question.name, addresses }
}

function afterName(message: Buffer, from: number): number | undefined {
  for (let at = from; at < message.length; ) {
    const length = message[at] ?? 0
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    at += 1 + length
  }
  return undefined
}
