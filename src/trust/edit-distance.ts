/**
 * Damerau distance (insert, delete, replace, swap neighbours) of two short strings, or `most + 1` once it is larger:
 * rows are cut to the band that can still matter, so the cost is length times `most`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  if (a === b) return 0
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i]
    let best = i
    for (let j = 1; j <= b.length; j++) {
      const cost = stepCost({ a, b, i, j }, { row, above, before })
      row.push(cost)
      if (cost < best) best = cost
    }
    if (best > most) return most + 1
    before = above
    above = row
  }
  return Math.min(above[b.length] ?? most + 1, most + 1)
}

type At = { readonly a: string; readonly b: string; readonly i: number; readonly j: number }
type Rows = { readonly row: readonly number[]; readonly above: readonly number[]; readonly before: readonly number[] }

function stepCost({ a, b, i, j }: At, { row, above, before }: Rows): number {
  const isSame = a[i - 1] === b[j - 1]
  const plain = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1))
  const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
  return isSwap ? Math.min(plain, (before[j - 2] ?? 0) + 1) : plain
}
