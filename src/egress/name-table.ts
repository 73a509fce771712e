/** The addresses that names have inside one room. An address never changes its name while the room is open. */
export type NameTable = {
  /** The address of the name; undefined when its share of the table is full. */
  addressOf(name: string, isDeclared: boolean): string | undefined
  nameOf(address: string): string | undefined
}

// Names that no rule covers get a share of their own: asking for many must not push out those that are allowed.
const shares = { declared: 8192, other: 1024 } as const

/** Fake addresses out of 198.18.0.0/15, which is set aside for tests and is nowhere on the internet. */
export function createNameTable(): NameTable {
  const byName = new Map<string, string>()
  const byAddress = new Map<string, string>()
  const used = { declared: 0, other: 0 }
  return {
    addressOf: (name, isDeclared) => {
      const known = byName.get(name)
      if (known !== undefined) return known
      const share = isDeclared ? 'declared' : 'other'
      if (used[share] >= shares[share]) return undefined
      const index = ++used[share]
      const address = `198.${isDeclared ? 18 : 19}.${1 + (index >> 8)}.${index & 255}`
      byName.set(name, address)
      byAddress.set(address, name)
      return address
    },
    nameOf: address => byAddress.get(address),
  }
}
