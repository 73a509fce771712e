import type { RequestId } from './envelope.ts'
import { isExactInteger } from './json.ts'
import { endOfString } from './json-reader.ts'

export type Recovered = { readonly id: RequestId | null; readonly kind: 'request' | 'response' | 'unknown' }

const headBytes = 64 * 1024
const depthMax = 512
const nothing: Recovered = { id: null, kind: 'unknown' }
const value = /[\t\n\r ]*:[\t\n\r ]*(?:(-?\d{1,16})(?=[\t\n\r ,}])|("))?/uy

/**
 * What can be made out of the beginning of a message that is refused: its id, so that the sender gets an error rather
 * than silence, and whether it asked or answered. An id that is written twice is no id.
 */
export function recover(bytes: Uint8Array): Recovered {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('utf8')
  const found: Found = { ids: [], kind: 'unknown' }
  if (!/^[\t\n\r ]*\{/u.test(text)) return nothing
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    if (depth > depthMax) break
    if (c !== '"') continue
    const end = endOfString(text, i + 1)
    if (end < 0) break
    if (depth === 1) note(found, text, { from: i, end })
    i = end
  }
  return { id: found.ids.length === 1 ? (found.ids[0] ?? null) : null, kind: found.kind }
}

type Found = { ids: RequestId[]; kind: Recovered['kind'] }

function note(found: Found, text: string, { from, end }: { from: number; end: number }): void {
  const key = text.slice(from + 1, end)
  value.lastIndex = end + 1
  const match = value.exec(text)
  if (match === null) return
  if (key === 'method') found.kind = 'request'
  else if ((key === 'result' || key === 'error') && found.kind === 'unknown') found.kind = 'response'
  else if (key === 'id') found.ids.push(...idAt(text, match))
}

function idAt(text: string, [whole, digits, quoted]: RegExpExecArray): RequestId[] {
  if (digits !== undefined) return isExactInteger(Number(digits)) ? [Number(digits)] : []
  if (quoted === undefined) return []
  const from = value.lastIndex
  const end = endOfString(text, from)
  try {
    return end < 0 || whole === '' ? [] : [JSON.parse(text.slice(from - 1, end + 1)) as string]
  } catch {
    return []
  }
}
