/** What stands for tokens that are no known word: addresses, numbers, signs, and words that no table holds, by their look. */
export const senseMarks = [
  'none',
  'number',
  'mail address',
  'link',
  'unknown word',
  'Unknown Word',
  'UNKNOWN WORD',
  'word in another script',
  'new line',
  'other mark',
  ...'{}[]<>=/|#*`@“”\\',
] as const

/**
 * The tokens of a text for `sense-net.ts`. A word is the negative hash of its small letters, with the mark that stands for it
 * should no table hold it; everything else is the mark itself.
 */
export type SenseTokens = { readonly count: number; readonly keys: Int32Array; readonly marks: Uint8Array }

export const senseTokenBounds = { tokens: 260 } as const

const markOf = new Map<string, number>(senseMarks.map((name, i) => [name, i]))
const [aNumber, mailAddress, aLink, unknown, otherScript, newLine, other] = [1, 2, 3, 4, 7, 8, 9]

const token = /\p{L}{1,60}(?:['’]\p{L}{1,20})?|\p{N}[\p{N}.,]{0,40}|\n|[^\s\p{L}\p{N}]/gu

/** Reads no more than the first 260 tokens. */
export function senseTokens(text: string): SenseTokens {
  const written: Written = {
    keys: new Int32Array(senseTokenBounds.tokens),
    marks: new Uint8Array(senseTokenBounds.tokens),
    count: 0,
  }
  let from = 0
  for (const { at, end, mark } of addressesIn(text)) {
    writeWords(written, text.slice(from, at))
    write(written, mark, mark)
    from = end
  }
  writeWords(written, text.slice(from))
  return written
}

type Written = { count: number; readonly keys: Int32Array; readonly marks: Uint8Array }

function writeWords(written: Written, text: string): void {
  for (const [found] of text.matchAll(token)) {
    if (written.count >= senseTokenBounds.tokens) return
    const first = found.charCodeAt(0)
    if (found === '\n') write(written, newLine, newLine)
    else if (/^\p{N}/u.test(found)) write(written, aNumber, aNumber)
    else if (/^\p{L}/u.test(found)) writeWord(written, found)
    else {
      const mark = markOf.get(found)
      if (mark !== undefined) write(written, mark, mark)
      else write(written, first < 0x80 ? keyOf(found) : other, other)
    }
  }
}

/** "don't" is "do not", "it's" is "it": what is left of the apostrophe carries the sense. */
function writeWord(written: Written, word: string): void {
  const small = word.toLowerCase().replace('’', "'")
  const mark = lookOf(word, small)
  const apostrophe = small.indexOf("'")
  const isNot = small.endsWith("n't")
  write(written, keyOf(isNot ? small.slice(0, -3) : small.slice(0, apostrophe < 0 ? undefined : apostrophe)), mark)
  if (isNot) write(written, keyOf('not'), unknown)
}

function lookOf(word: string, small: string): number {
  if (/[^\u0000-\u024f]/u.test(small)) return otherScript
  if (word === small) return unknown
  return word === word.toUpperCase() ? unknown + 2 : unknown + 1
}

/** A ruler of dashes and a row of numbers are one token: their length says nothing. */
function write(written: Written, key: number, mark: number): void {
  const { keys, marks, count } = written
  if (count >= senseTokenBounds.tokens || (key >= 0 && count > 0 && keys[count - 1] === key)) return
  keys[count] = key
  marks[count] = mark
  written.count++
}

/** Whether a token was written in letters: its mark is one of those that stand for unknown words. */
export function isOfLetters(mark: number): boolean {
  return mark >= unknown && mark <= otherScript
}

/** The key of a word in small letters: below zero, which no mark is. */
export function keyOf(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) | 0x8000_0000
}

type Address = { readonly at: number; readonly end: number; readonly mark: number }

const ofAddress = /[\p{L}\p{N}._+-]/u
const endsLink = /[\s"'<>)\]}]/u

/** Mail addresses and links, told from the sign that they cannot lack. */
function addressesIn(text: string): Address[] {
  const found: Address[] = []
  let past = 0
  for (const { index } of text.matchAll(/@|:\/\/|www\./gu)) {
    if (index < past) continue
    const isMail = text[index] === '@'
    let at = index
    while (at > past && ofAddress.test(text[at - 1] ?? '') && (isMail || /[a-z]/iu.test(text[at - 1] ?? ''))) at--
    let end = index + 1
    while (end < text.length && (isMail ? ofAddress.test(text[end] ?? '') : !endsLink.test(text[end] ?? ''))) end++
    const isAddress = isMail ? at < index && text.slice(index, end).includes('.') : end > index + 4
    if (!isAddress) continue
    found.push({ at, end, mark: isMail ? mailAddress : aLink })
    past = end
  }
  return found
}
