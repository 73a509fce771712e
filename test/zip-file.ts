import { crc32, deflateRawSync } from 'node:zlib'

export type ZipPart = {
  readonly path: string | Buffer
  readonly body?: Buffer | string
  /** Upper half of the outer attributes; a plain file unless told. */
  readonly mode?: number
  /** What an honest archiver would not write. */
  readonly lies?: {
    readonly size?: number
    readonly crc?: number
    readonly localName?: string
    readonly flags?: number
    readonly at?: number
    readonly method?: number
  }
}

/** A zip written entry by entry, so that it can hold what no honest archiver writes. */
export function zipFile(
  parts: readonly ZipPart[],
  around: { before?: Buffer; comment?: Buffer; between?: Buffer } = {},
): Buffer {
  const { before = Buffer.alloc(0), comment = Buffer.alloc(0), between = Buffer.alloc(0) } = around
  const locals: Buffer[] = [before]
  const centrals: Buffer[] = []
  let at = before.length
  for (const part of parts) {
    const { local, central } = entry(part, at)
    locals.push(local)
    centrals.push(central)
    at += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, directory, between, end, comment])
}

function entry(
  { path, body = '', mode = 0o100644, lies = {} }: ZipPart,
  at: number,
): { local: Buffer; central: Buffer } {
  const name = Buffer.from(path)
  const bytes = Buffer.from(body)
  const packed = deflateRawSync(bytes)
  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(20, 0)
  shared.writeUInt16LE(lies.flags ?? 0x800, 2)
  shared.writeUInt16LE(lies.method ?? 8, 4)
  shared.writeUInt32LE(lies.crc ?? crc32(bytes), 10)
  shared.writeUInt32LE(packed.length, 14)
  shared.writeUInt32LE(lies.size ?? bytes.length, 18)
  const localName = Buffer.from(lies.localName ?? name)
  const localShared = Buffer.from(shared)
  localShared.writeUInt16LE(localName.length, 22)
  shared.writeUInt16LE(name.length, 22)
  const central = Buffer.alloc(20)
  central.writeUInt32LE(mode * 65_536, 6)
  central.writeUInt32LE(lies.at ?? at, 10)
  return {
    local: Buffer.concat([mark(0x04034b50), localShared, localName, packed]),
    central: Buffer.concat([mark(0x02014b50), Buffer.from([20, 3]), shared, central.subarray(0, 14), name]),
  }
}

function mark(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A wheel with the least that makes one, and whatever else is named. */
export function wheelFile(
  name: string,
  version: string,
  more: { requires?: readonly string[]; entry?: string; parts?: readonly ZipPart[] } = {},
): Buffer {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`
  const requires = (more.requires ?? []).map(each => `Requires-Dist: ${each}\n`).join('')
  return zipFile([
    ...(more.parts ?? []),
    {
      path: `${info}/METADATA`,
      body: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nAuthor-email: a@b.c\n${requires}`,
    },
    { path: `${info}/WHEEL`, body: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
    ...(more.entry === undefined
      ? []
      : [{ path: `${info}/entry_points.txt`, body: `[console_scripts]\n${more.entry}\n` }]),
    { path: `${info}/RECORD`, body: '' },
  ])
}
