/** What makes a name look like a message: DNS carries data out of places where nothing else gets out. */
export type NameSign = 'many-labels' | 'long' | 'high-entropy' | 'encoded'

const most = { labels: 8, nameChars: 100, labelChars: 40 } as const
const entropy = { chars: 20, bits: 3.6 } as const

/** Signs in one name, from its labels left of the last two (those name who is asked, these what is said). */
export function nameSigns(name: string): readonly NameSign[] {
  const labels = name.split('.')
  const said = labels.slice(0, -2)
  const signs: NameSign[] = []
  if (labels.length > most.labels) signs.push('many-labels')
  if (name.length > most.nameChars || said.some(label => label.length > most.labelChars)) signs.push('long')
  if (said.some(isDense)) signs.push('high-entropy')
  if (said.some(label => /^(?:[0-9a-f]{16,63}|[a-z2-7]{32,63})$/u.test(label))) signs.push('encoded')
  return signs
}

/** The part of a name that is bought as one: its last two labels, which is close enough for counting. */
export function parentOf(name: string): string {
  return name.split('.').slice(-2).join('.')
}

function isDense(label: string): boolean {
  return label.length >= entropy.chars && /\d/u.test(label) && bitsPerChar(label) >= entropy.bits
}

function bitsPerChar(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
