import { type Goal, passes } from './goal.ts'
import { type Figure, figure, type Hops, ratio } from './hops.ts'

/** All paths side by side: absolute figures for those who know the machine, ratios for everyone else. */
export function hopTable(hops: Hops, { base, lengths }: { base: string; lengths: readonly number[] }): string[] {
  const lines: string[] = []
  for (const length of lengths) {
    lines.push(`   ${sizeName(length).padEnd(24)}${heads.map(head => head.padStart(14)).join('')}`)
    for (const name of Object.keys(hops.rounds))
      lines.push(`     ${name.padEnd(22)}${cellsOf(hops, [name, base], length).join('')}`)
  }
  const rss = Object.entries(hops.rssMib).map(([name, mib]) => `${name} ${mib.toFixed(0)}`)
  return [...lines, `   RSS MiB after: ${rss.join(', ')}`]
}

const heads = ['p50 µs', '×', 'p99 µs', 'calls/s', '×', 'CPU µs']

function cellsOf(hops: Hops, pair: readonly [string, string], length: number): string[] {
  const own = (which: Figure) => number(figure(hops, pair[0], [length, which]))
  const against = (which: Figure) => number(ratio(hops, pair, [length, which]), 2)
  return [own('p50'), against('p50'), own('p99'), own('perSecond'), against('perSecond'), own('cpu')]
}

function number(value: number, digits = value < 100 ? 1 : 0): string {
  return (Number.isFinite(value) ? value.toFixed(digits) : '–').padStart(14)
}

function sizeName(length: number): string {
  if (length >= 1_000_000) return `${length / 1_000_000} MB`
  return length >= 1000 ? `${length / 1000} KB` : `${length} B`
}

/** Goal, measured, pass or not: one line each. */
export function goalTable(goals: readonly Goal[]): string[] {
  const rows = goals.map(goal => {
    const verdict = Number.isNaN(goal.measured) ? 'not measured' : passes(goal) ? 'pass' : 'MISSED'
    const note = goal.note === undefined ? '' : `  ${goal.note}`
    return [`${goal.scenario}: ${goal.about}`, `${goal.sense} ${goal.limit} ${goal.unit}`, shown(goal), verdict + note]
  })
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
}

function shown({ measured, unit }: Goal): string {
  if (Number.isNaN(measured)) return '–'
  return `${measured.toFixed(measured < 10 ? 2 : measured < 100 ? 1 : 0)} ${unit}`
}
