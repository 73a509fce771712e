import { mayHide, runsOf, type Spot } from './invisible.ts'
import { isHonest, isLetter, isReordering, unclosed } from './invisible-honest.ts'

/** What invisible characters are good for, worst first; `unread` is text behind more of them than are looked at. */
const hidings = ['tags', 'variation', 'zero-width', 'bidi', 'unread', 'splitting', 'padding', 'stray'] as const
export type Hiding = (typeof hidings)[number]

/** Invisible characters of one text that no script, emoji or formatter explains. Spans are UTF-16 offsets. */
export type Hidden = {
  readonly as: Hiding
  readonly spans: readonly (readonly [from: number, to: number])[]
  readonly characters: number
  /** What they spell, where they spell anything: attacker's text. */
  readonly decoded: string
}

/** Beyond so many spans of one text the last one reaches to the end: nobody writes like that. */
export const hiddenSpansMax = 4096

/** Finds invisible characters that nothing explains and says what they are used for. Linear in the length of the text. */
export function findHidden(text: string): readonly Hidden[] {
  if (!mayHide(text)) return []
  const { runs, endedAt } = runsOf(text)
  const isRightToLeft = rightToLeft.test(text)
  const found = new Map<Hiding, Spot[]>()
  const loose: Spot[] = []
  for (const run of runs)
    for (const spot of run) {
      if (isHonest(spot, run, isRightToLeft)) continue
      const as = clearUse(spot, isRightToLeft)
      if (as === undefined) loose.push(spot)
      else add(found, as, spot)
    }
  for (const spot of unclosed(runs, isRightToLeft)) add(found, 'bidi', spot)
  if (loose.length > 0) found.set(useOf(loose), loose)
  const hidden = [...found].map(([as, spots]) => hiddenOf(as, spots, text.length))
  if (endedAt === undefined) return hidden
  return [...hidden, { as: 'unread', spans: [[endedAt, text.length]], characters: text.length - endedAt, decoded: '' }]
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

function add(found: Map<Hiding, Spot[]>, as: Hiding, spot: Spot): void {
  const spots = found.get(as)
  if (spots === undefined) found.set(as, [spot])
  else spots.push(spot)
}

function clearUse(spot: Spot, isRightToLeft: boolean): Hiding | undefined {
  if (spot.family === 'tag') return 'tags'
  if (spot.family === 'selector') return 'variation'
  return spot.family === 'bidi' && isReordering(spot, isRightToLeft) ? 'bidi' : undefined
}

const messageBits = 16
const wordChars = 32

/** Strays alone are dirt; many without a pattern are a message; close together in words they break what filters seek. */
function useOf(loose: readonly Spot[]): Hiding {
  if (loose.length >= messageBits && !isPeriodic(loose)) return 'zero-width'
  const inWords = loose.filter(spot => isLetter(spot.before) && isLetter(spot.after))
  if (inWords.some((spot, i) => (inWords[i + 3]?.from ?? Number.POSITIVE_INFINITY) - spot.from <= wordChars))
    return 'splitting'
  return loose.length >= messageBits ? 'padding' : 'stray'
}

// Mail programs pad previews with hundreds of repetitions of the same two or three; a repetition says nothing.
function isPeriodic(spots: readonly Spot[]): boolean {
  for (let period = 1; period <= 6; period++) {
    let misses = 0
    for (let i = period; i < spots.length; i++) if (spots[i]?.code !== spots[i - period]?.code) misses++
    if (misses * 20 <= spots.length) return true
  }
  return false
}

function hiddenOf(as: Hiding, spots: readonly Spot[], textChars: number): Hidden {
  const spans: [number, number][] = []
  for (const { from, to } of spots) {
    const last = spans.at(-1)
    if (last?.[1] === from) last[1] = to
    else if (spans.length < hiddenSpansMax) spans.push([from, to])
    else if (last !== undefined) last[1] = textChars
  }
  return { as, spans, characters: spots.length, decoded: decode(as, spots) }
}

const decodedMax = 4096

function decode(as: Hiding, spots: readonly Spot[]): string {
  const some = spots.slice(0, decodedMax)
  if (as === 'tags') return tagsToText(some)
  if (as === 'variation')
    return bytesToText(some.map(({ code }) => (code < 0xff00 ? code - 0xfe00 : code - 0xe0100 + 16)))
  return as === 'zero-width' ? bitsToText(some) : ''
}

function tagsToText(spots: readonly Spot[]): string {
  return String.fromCharCode(...spots.map(({ code }) => code & 0x7f).filter(ascii => ascii >= 0x20 && ascii < 0x7f))
}

function bytesToText(bytes: readonly number[]): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes))
  return isText(text) ? text : ''
}

// Two symbols, eight to a character, either of them being the one: what every tool of this kind writes.
function bitsToText(spots: readonly Spot[]): string {
  const symbols = [...new Set(spots.map(({ code }) => code))]
  for (const one of symbols.length === 2 ? symbols : []) {
    const bytes: number[] = []
    for (let i = 0; i + 8 <= spots.length; i += 8)
      bytes.push(spots.slice(i, i + 8).reduce((byte, { code }) => byte * 2 + Number(code === one), 0))
    const text = bytesToText(bytes)
    if (text !== '') return text
  }
  return ''
}

function isText(text: string): boolean {
  const odd = text.match(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\n\t]|\ufffd/gu)?.length ?? 0
  return odd * 10 <= text.length
}
