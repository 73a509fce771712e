import type { Spot } from './invisible.ts'

/** Whether a script, an emoji or a formatter explains this invisible character where it stands. */
export function isHonest(spot: Spot, run: readonly Spot[], isRightToLeft: boolean): boolean {
  switch (spot.family) {
    case 'tag':
      return isFlag(run)
    case 'selector':
      return isSelecting(spot, run)
    case 'joiner':
      return isJoining(spot, run)
    case 'hyphen':
      // A word is not broken after each letter, except by someone who hides it.
      return run.length === 1 && spot.gap > 1 && isLetter(spot.before) && isLetter(spot.after)
    case 'filler':
      return run.length === 1 && has(spot.before, traits.filler)
    case 'operator':
      return (
        spot.code <= 0x2064 &&
        run.length === 1 &&
        spot.gap > 1 &&
        has(spot.before, traits.math) &&
        has(spot.after, traits.math)
      )
    case 'bidi':
      return isRightToLeft ? !isOverride(spot.code) : isIsolate(spot.code)
    case 'space':
      // A byte order mark at the very start; breaks between words of scripts that write none.
      return (spot.code === 0xfeff && spot.from === 0) || (run.length === 1 && has(spot.before, traits.spaceless))
    default:
      return spot.family satisfies never
  }
}

const flagRegions = /^(?:gb(?:eng|sct|wls)|us[a-z]{2}|ca[a-z]{2})$/u

// Only regions that exist: any six letters between a flag and its end would be a channel, and it has been used as one.
function isFlag(run: readonly Spot[]): boolean {
  const [first] = run
  if (run.length > 8 || first?.before !== 0x1f3f4 || run.at(-1)?.code !== 0xe007f) return false
  return flagRegions.test(String.fromCharCode(...run.slice(0, -1).map(({ code }) => code & 0x7f)))
}

function isSelecting({ code, before, after }: Spot, run: readonly Spot[]): boolean {
  const isAlone = run.length === 1 || (run.length === 2 && run[1]?.code === 0x200d && run[0]?.code === code)
  if (!isAlone) return false
  if (code === 0xfe0f || code === 0xfe0e) return after === 0x20e3 || has(before, traits.picture | traits.sign)
  return has(before, traits.variable)
}

function isJoining({ code, before, after }: Spot, run: readonly Spot[]): boolean {
  const [first] = run
  if (code === 0x200d && has(after, traits.picture)) {
    if (run.length === 1) return has(before, traits.picture)
    return run.length === 2 && first?.code === 0xfe0f && has(first.before, traits.picture)
  }
  if (run.length !== 1) return false
  return has(before, traits.joining) || (code === 0x34f && /\p{M}/u.test(String.fromCodePoint(before)))
}

// Sets of scripts take milliseconds to make: each is made when a character is first held against it.
function isJoiningScript(char: string): boolean {
  return /[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Thai}\p{scx=Laoo}\p{scx=Tibt}]/u.test(
    char,
  )
}

function isSpaceless(char: string): boolean {
  return /[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Hira}\p{scx=Kana}\p{scx=Han}]/u.test(char)
}

function isFiller(char: string): boolean {
  return /[\p{scx=Hang}\p{scx=Khmr}\p{scx=Mong}]/u.test(char)
}

// Signs that all scripts share are in every extension set or none; only a letter or mark says which script is written.
function isOfScript(char: string): boolean {
  return /[\p{L}\p{M}\p{Nd}]/u.test(char)
}

/** What a visible character is to the invisible one beside it, one bit each; looked up once per code point. */
const traits = {
  known: 1,
  letter: 2,
  picture: 4,
  sign: 8,
  variable: 16,
  joining: 32,
  spaceless: 64,
  filler: 128,
  math: 256,
}
const tests: readonly (readonly [bit: number, fits: (char: string) => boolean])[] = [
  [traits.letter, char => /[\p{L}\p{M}]/u.test(char)],
  [traits.picture, char => /\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}]/u.test(char)],
  [traits.sign, char => /[\p{S}\p{P}\p{Nd}]/u.test(char)],
  [
    traits.variable,
    char => /[\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}]/u.test(char),
  ],
  [traits.joining, char => isJoiningScript(char) && isOfScript(char)],
  [traits.spaceless, char => isSpaceless(char) && isOfScript(char)],
  [traits.filler, char => isFiller(char) && isOfScript(char)],
  [traits.math, char => /[\p{Nd}\p{Sm}()[\]a-zA-Z\u{1d400}-\u{1d7ff}]/u.test(char)],
]
const known = new Uint16Array(0x20000)

function has(code: number, trait: number): boolean {
  if (code >= known.length) return (traitsOf(code) & trait) !== 0
  if (known[code] === 0) known[code] = traitsOf(code)
  return ((known[code] ?? 0) & trait) !== 0
}

function traitsOf(code: number): number {
  const char = String.fromCodePoint(code)
  return tests.reduce((bits, [bit, fits]) => (fits(char) ? bits | bit : bits), traits.known)
}

/** A letter or a mark upon one. */
export function isLetter(code: number): boolean {
  return has(code, traits.letter)
}

function isOverride(code: number): boolean {
  return code === 0x202d || code === 0x202e
}

// Formatters put isolates around what they insert, in every language; closing marks change nothing by themselves.
function isIsolate(code: number): boolean {
  return code === 0x2066 || code === 0x2068 || code === 0x2069 || code === 0x202c
}

/** Marks that show text in another order than it is read in. */
export function isReordering({ code }: Spot, isRightToLeft: boolean): boolean {
  return isOverride(code) || (!isRightToLeft && (code === 0x202b || code === 0x2067))
}

/** Embeddings that stay open reorder what follows on their line: the shape of attacks on source code. */
export function unclosed(runs: readonly (readonly Spot[])[], isRightToLeft: boolean): Spot[] {
  if (!isRightToLeft) return []
  const open: Spot[] = []
  for (const run of runs)
    for (const spot of run) {
      if (spot.code === 0x202a || spot.code === 0x202b || (spot.code >= 0x2066 && spot.code <= 0x2068)) open.push(spot)
      else if (spot.code === 0x202c || spot.code === 0x2069) open.pop()
    }
  return open
}
