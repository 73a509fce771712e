import type { Pin } from '../trust/pin-record.ts'
import { differences, type Stretch, visible, wordDiff } from '../trust/surface-diff.ts'
import type { ItemHash } from '../trust/surface-hash.ts'

const placesMax = 60
const textMax = 2000

/** The short name of one definition: enough to tell what was looked at from what came after. */
export function pinId(hash: ItemHash): string {
  return hash.slice(0, 12)
}

/** What waits in place of what was approved, for a person to read: what changed, what it could do, how to decide. */
export function pinDiff(server: string, key: string, { approved, waiting }: Pin): string {
  if (waiting === undefined) return ''
  const was = waiting.was === undefined ? '' : ` like the approved ${visible(waiting.was)}`
  const lines = [`${server}  ${visible(key)}  ${waiting.standing}${was}`]
  const [before, after] = [
    approved?.effects.join(', ') || 'nothing known',
    waiting.effects.join(', ') || 'nothing known',
  ]
  if (key.startsWith('tools/'))
    lines.push(approved === undefined ? `  can    ${after}` : `  can    ${before} → ${after}`)
  if (waiting.found.length > 0) lines.push(`  found  ${waiting.found.map(visible).join(', ')}`)
  if (waiting.item === undefined) lines.push('  its definition is too large to keep; only its digest is known')
  else {
    const places = differences(approved?.item, waiting.item)
    for (const { at, before: old = '', after: now = '' } of places.slice(0, placesMax))
      lines.push(`  ${visible(at)}`, `    ${wordDiff(old, now).map(mark).join('')}`)
    if (places.length > placesMax) lines.push(`  … and ${places.length - placesMax} more places`)
  }
  const id = `${visible(key)}@${pinId(waiting.hash)}`
  return [...lines, `  sallyport pins accept ${server} '${id}'`, `  sallyport pins reject ${server} '${id}'`].join('\n')
}

function mark({ kind, text }: Stretch): string {
  const shown = visible(text)
  const short = shown.length <= textMax ? shown : `${shown.slice(0, textMax)}… (${text.length} characters)`
  return kind === 'same' ? short : kind === 'gone' ? `[-${short}-]` : `{+${short}+}`
}
