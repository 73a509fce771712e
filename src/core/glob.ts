/** Says whether a name fits. */
export type Glob = (name: string) => boolean

/** Compiles a name pattern in which `*` stands for any run of characters and nothing else is special. */
export function globOf(pattern: string): Glob {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return name => name === head
  if (rest.length === 0 && tail === '') return head === '' ? () => true : name => name.startsWith(head)
  const middle = rest.filter(part => part !== '')
  // Each part is searched once, from left to right: no pattern makes this slower than the name is long per part.
  return name => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
    let from = head.length
    for (const part of middle) {
      const found = name.indexOf(part, from)
      if (found < 0) return false
      from = found + part.length
    }
    return from <= name.length - tail.length
  }
}

/** Compiles several patterns into one test: a name fits if it fits any of them. */
export function anyGlobOf(patterns: readonly string[]): Glob {
  const exact = new Set(patterns.filter(pattern => !pattern.includes('*')))
  const globs = patterns.filter(pattern => pattern.includes('*')).map(globOf)
  if (globs.length === 0) return name => exact.has(name)
  return name => exact.has(name) || globs.some(fits => fits(name))
}
