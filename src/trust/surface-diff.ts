import { isObject, type Json, step } from '../core/json.ts'

/** One place where two definitions differ; absent on a side where the place does not exist there. */
export type Difference = { readonly at: string; readonly before?: string; readonly after?: string }
/** A stretch of words: on both sides, only before, or only after. */
export type Stretch = { readonly kind: 'same' | 'gone' | 'added'; readonly text: string }

const placesMax = 2000

/** Where two definitions differ, leaf by leaf. */
export function differences(before: Json | undefined, after: Json | undefined): readonly Difference[] {
  const old = leavesOf(before)
  const now = leavesOf(after)
  const found: Difference[] = []
  for (const at of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(at), now.get(at)]
    if (was === is || found.length >= placesMax) continue
    found.push({ at, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) })
  }
  return found
}

function leavesOf(value: Json | undefined): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>()
  const walk = (here: Json | undefined, at: string): void => {
    if (here === undefined || leaves.size >= placesMax * 4) return
    const entries = Array.isArray(here) ? [...here.entries()] : isObject(here) ? Object.entries(here) : []
    if (entries.length > 0) for (const [key, inner] of entries) walk(inner, `${at}${step(key)}`)
    else leaves.set(at, typeof here === 'string' ? here : JSON.stringify(here))
  }
  walk(value, '')
  return leaves
}

/** Longer texts are shown whole, one after the other: comparing them word by word costs their product. */
const wordsMax = 1500

/** Two texts word by word. */
export function wordDiff(before: string, after: string): readonly Stretch[] {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const gone = old.slice(head, old.length - tail)
  const added = now.slice(head, now.length - tail)
  const middle: Stretch[] =
    gone.length > wordsMax || added.length > wordsMax
      ? [
          { kind: 'gone', text: gone.join('') },
          { kind: 'added', text: added.join('') },
        ]
      : longestCommon(gone, added)
  const same = (words: readonly string[]): Stretch => ({ kind: 'same', text: words.join('') })
  return joined([same(old.slice(0, head)), ...middle, same(old.slice(old.length - tail))])
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_]/gu) ?? []
}

function longestCommon(a: readonly string[], b: readonly string[]): Stretch[] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const out: Stretch[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i] ?? '' })
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      out.push({ kind: 'gone', text: a[i++] ?? '' })
    else out.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return out
}

function joined(stretches: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = []
  for (const { kind, text } of stretches) {
    const last = out.at(-1)
    if (text === '') continue
    if (last?.kind === kind) out[out.length - 1] = { kind, text: last.text + text }
    else out.push({ kind, text })
  }
  return out
}

/**
 * A text with everything in it that an eye cannot see or would take for something else written out: control and format
 * characters, unusual blanks, and letters of another script inside a Latin word. Safe to print on a terminal.
 */
export function visible(text: string): string {
  return text
    .replaceAll(
      // biome-ignore lint/suspicious/noMisleadingCharacterClass: the members are meant one by one
      /[\p{C}\p{Zl}\p{Zp}\u00a0\u034f\u115f\u1160\u17b4\u17b5\u2000-\u200a\u202f\u205f\u3000\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu,
      spelled,
    )
    .replaceAll(/[\p{L}\p{M}\p{N}_]+/gu, word =>
      /[a-z]/iu.test(word)
        ? word.replaceAll(
            /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\u{1d400}-\u{1d7ff}\uff21-\uff5a]/gu,
            named,
          )
        : word,
    )
}

function spelled(character: string): string {
  return character === '\n' ? '⏎' : `⟨U+${hex(character)}⟩`
}

function named(character: string): string {
  return `⟨U+${hex(character)} ${character}⟩`
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
