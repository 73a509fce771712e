type Read = { ok: true; value: unknown } | { ok: false }

/** A second JSON reader, written from RFC 8259 alone, that refuses double keys and half surrogate pairs. */
export function readIndependently(text: string): Read {
  const tokens =
    /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|(true|false|null)(?!\w))/uy
  const next = (): string => tokens.exec(text)?.[0].trim() ?? '✗'
  try {
    const value = readValue(next(), next)
    return text.slice(tokens.lastIndex).trim() === '' ? { ok: true, value } : { ok: false }
  } catch {
    return { ok: false }
  }
}

function readValue(token: string, next: () => string): unknown {
  if (token === '{') return readObject(next)
  if (token === '[') return readArray(next)
  if (token[0] === '"') return readString(token)
  if (/^[-\d]/u.test(token)) return Number(token)
  return { true: true, false: false, null: null }[token] ?? (token === 'null' ? null : fail())
}

function readObject(next: () => string): unknown {
  const members = new Map<string, unknown>()
  for (let token = next(); token !== '}' || members.size > 0; token = next()) {
    const key = token[0] === '"' ? readString(token) : fail()
    if (members.has(key) || next() !== ':') fail()
    members.set(key, readValue(next(), next))
    const end = next()
    if (end === '}') break
    if (end !== ',') fail()
  }
  return Object.fromEntries(members)
}

function readArray(next: () => string): unknown[] {
  const items: unknown[] = []
  for (let token = next(); token !== ']' || items.length > 0; token = next()) {
    items.push(readValue(token, next))
    const end = next()
    if (end === ']') break
    if (end !== ',') fail()
  }
  return items
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' }

function readString(token: string): string {
  const text = token
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gu, (_, hex: string | undefined, one: string) =>
      hex === undefined ? (escapes[one] ?? fail()) : String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return text.isWellFormed() ? text : fail()
}

function fail(): never {
  throw new Error('not JSON')
}
