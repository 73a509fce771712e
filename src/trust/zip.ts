import { crc32, inflateRawSync } from 'node:zlib'

export type ZipEntry = { readonly path: string; readonly bytes: Uint8Array }

export type ZipLimits = { readonly files: number; readonly bytes: number; readonly depth: number }

/** The files of an archive one by one, or why it is none that anybody should unpack. */
export type ZipReading =
  | { readonly ok: true; readonly entries: readonly Unread[] }
  | { readonly ok: false; readonly reason: string }

type Unread = { readonly path: string; readonly size: number; read(): ZipEntry | { readonly problem: string } }

const endSize = 22
const centralSize = 46
const localSize = 30
const marks = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const

/**
 * Reads a zip the strict way: one directory, at the very end, naming each byte before it exactly once. Whatever two readers
 * could read differently (a second directory, hidden bytes, names that differ, entries that overlap) is refused.
 */
export function readZip(archive: Buffer, limits: ZipLimits): ZipReading {
  const end = archive.length - endSize
  if (end < 0 || archive.readUInt32LE(end) !== marks.end || archive.readUInt16LE(end + 20) !== 0)
    return refused('does not end with the directory of a zip')
  const [count, size, start] = [
    archive.readUInt16LE(end + 10),
    archive.readUInt32LE(end + 12),
    archive.readUInt32LE(end + 16),
  ]
  if (archive.readUInt32LE(end + 4) !== 0 || archive.readUInt16LE(end + 8) !== count)
    return refused('is a part of several')
  if (start + size !== end)
    return refused('has bytes between its directory and its end, or is too large for a plain zip')
  if (count > limits.files) return refused(`holds more than ${limits.files} files`)
  const headers: Header[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    const header = centralAt(archive, at, end)
    if (typeof header === 'string') return refused(header)
    at = header.next
    headers.push(header)
  }
  if (at !== end) return refused('has a directory of another length than it says')
  return checked(archive, headers, { limits, start })
}

type Header = {
  readonly path: string
  readonly name: Buffer
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly kind: number
  readonly local: number
  readonly next: number
}

function centralAt(archive: Buffer, at: number, end: number): Header | string {
  if (at + centralSize > end || archive.readUInt32LE(at) !== marks.central) return 'has a broken directory'
  const lengths = [28, 30, 32].map(offset => archive.readUInt16LE(at + offset))
  const [nameLength = 0, extra = 0, comment = 0] = lengths
  const next = at + centralSize + nameLength + extra + comment
  if (next > end) return 'has a broken directory'
  const name = archive.subarray(at + centralSize, at + centralSize + nameLength)
  return {
    ...{ name, path: name.toString('utf8'), next },
    ...{ flags: archive.readUInt16LE(at + 8), method: archive.readUInt16LE(at + 10) },
    ...{ crc: archive.readUInt32LE(at + 16), packed: archive.readUInt32LE(at + 20) },
    ...{ size: archive.readUInt32LE(at + 24), local: archive.readUInt32LE(at + 42) },
    // The upper half is a mode only where a Unix made the archive; elsewhere it is nothing, and nothing is a plain file.
    kind: (archive.readUInt32LE(at + 38) >>> 28) & 0xf,
  }
}

type Frame = { readonly limits: ZipLimits; readonly start: number }

function checked(archive: Buffer, headers: readonly Header[], { limits, start }: Frame): ZipReading {
  const seen = new Set<string>()
  const entries: Unread[] = []
  let bytes = 0
  let at = 0
  for (const header of headers.toSorted((a, b) => a.local - b.local)) {
    const problem = wrongPath(header, limits.depth) ?? wrongKind(header)
    if (problem !== undefined) return refused(`${JSON.stringify(header.path).slice(0, 200)} ${problem}`)
    // Folded: on some disks `A.py` and `a.py` are one file, and the later one wins.
    const folded = header.path.replace(/\/$/u, '').normalize('NFC').toLowerCase()
    if (seen.has(folded)) return refused(`names ${JSON.stringify(header.path)} twice`)
    seen.add(folded)
    const body = bodyOf(archive, header, at)
    if (body === undefined) return refused(`${JSON.stringify(header.path)} overlaps another entry, or is hidden in one`)
    at = body.next
    bytes += header.size
    if (bytes > limits.bytes) return refused(`holds more than ${limits.bytes} bytes`)
    if (!header.path.endsWith('/')) entries.push(entryOf(header, body.packed))
    else if (header.size > 0) return refused(`${JSON.stringify(header.path)} is a folder with contents`)
  }
  return at === start ? { ok: true, entries } : refused('has bytes that no entry names')
}

const nameCharsMax = 400
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu

/** A name is a relative path of plain steps on every system: no way up, no drive, no stream, no device. */
function wrongPath({ path, name }: Header, depthMax: number): string | undefined {
  const steps = path.replace(/\/$/u, '').split('/')
  if (!Buffer.from(path, 'utf8').equals(name)) return 'is no UTF-8'
  if (path.length > nameCharsMax || steps.length > depthMax) return 'is too long a path'
  if (/[\u0000-\u001f\u007f\\:*?"<>|]/u.test(path)) return 'has a character that no path should have'
  if (steps.some(step => step === '' || step === '.' || step === '..')) return 'leads out of its folder'
  if (steps.some(step => reserved.test(step) || /[. ]$/u.test(step))) return 'is no file name everywhere'
  return undefined
}

const flagEncrypted = 0x2041

function wrongKind({ flags, method, kind, packed, size }: Header): string | undefined {
  if ((flags & flagEncrypted) !== 0) return 'is encrypted'
  if (method !== 0 && method !== 8) return 'is packed in a way that is not read here'
  if (method === 0 && packed !== size) return 'has two sizes'
  return kind === 0 || kind === 8 || kind === 4 ? undefined : 'is a link or a device, not a file'
}

type Body = { readonly packed: Buffer; readonly next: number }

/** Each entry begins where the one before ended: nothing lies between them, and no byte is unpacked twice. */
function bodyOf(archive: Buffer, { name, local, packed, flags }: Header, at: number): Body | undefined {
  if (local !== at || at + localSize > archive.length || archive.readUInt32LE(at) !== marks.local) return undefined
  const [nameLength, extra] = [archive.readUInt16LE(at + 26), archive.readUInt16LE(at + 28)]
  const from = at + localSize + nameLength + extra
  if (!archive.subarray(at + localSize, at + localSize + nameLength).equals(name)) return undefined
  const next = from + packed
  if (next > archive.length) return undefined
  const hasSizesAfter = (flags & 8) !== 0
  return { packed: archive.subarray(from, next), next: hasSizesAfter ? afterSizes(archive, next) : next }
}

/** Writers that do not know a size beforehand write it behind, with or without a mark. */
function afterSizes(archive: Buffer, at: number): number {
  const isMarked = at + 4 <= archive.length && archive.readUInt32LE(at) === 0x08074b50
  return at + (isMarked ? 16 : 12)
}

function entryOf({ path, method, crc, size }: Header, packed: Buffer): Unread {
  return {
    path,
    size,
    read: () => {
      const bytes = method === 0 ? packed : inflated(packed, size)
      if (bytes === undefined || bytes.length !== size)
        return { problem: `${path} unpacks to another size than it says` }
      return crc32(bytes) === crc ? { path, bytes } : { problem: `${path} is damaged` }
    },
  }
}

function inflated(packed: Buffer, size: number): Buffer | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
  } catch {
    return undefined
  }
}

function refused(reason: string): ZipReading {
  return { ok: false, reason }
}
