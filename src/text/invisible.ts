/** Whether a text holds anything invisible. Plain text is answered by scans that the engine does natively. */
export function mayHide(text: string): boolean {
  if (text.includes('\u00ad') || invisible.test(text)) return true
  // One pattern for all planes would take three times as long on every text that is not Latin-1.
  return leads.some(lead => text.includes(lead)) && farInvisible.test(text)
}

// Without the soft hyphen every member is beyond Latin-1, so that the engine answers for plain text without reading it.
const invisible =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the members are meant one by one
  /[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]/u
const leads = ['\udb40', '\ud82f', '\ud834']
const farInvisible = /[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/u

export type Family = 'tag' | 'selector' | 'bidi' | 'joiner' | 'hyphen' | 'operator' | 'filler' | 'space'

/** One invisible character in its surroundings; `gap` is how much visible text lies between it and the last run. */
export type Spot = {
  readonly family: Family
  readonly code: number
  readonly from: number
  readonly to: number
  readonly before: number
  readonly after: number
  readonly gap: number
}

/** So many invisible characters are looked at; what lies behind them in one text is not. */
const spotsMax = 65_536

export type Runs = {
  readonly runs: readonly (readonly Spot[])[]
  /** Where reading ended, if that was before the end of the text. */
  readonly endedAt?: number
}

/** The invisible characters of a text, neighbours together. */
export function runsOf(text: string): Runs {
  const runs: Spot[][] = []
  let before = 0
  let last: Spot[] | undefined
  let ended = Number.NEGATIVE_INFINITY
  let left = spotsMax
  for (let i = 0; i < text.length; ) {
    const unit = text.charCodeAt(i)
    const code = unit >= 0xd800 && unit < 0xdc00 ? (text.codePointAt(i) ?? unit) : unit
    const to = i + (code > 0xffff ? 2 : 1)
    const family = familyOf(code)
    if (family === undefined) {
      before = code
      last = undefined
    } else {
      if (left-- === 0) return { runs, endedAt: i }
      if (last === undefined) {
        last = []
        runs.push(last)
      }
      last.push({ family, code, from: i, to, before, after: text.codePointAt(to) ?? 0, gap: i - ended })
      ended = to
    }
    i = to
  }
  return { runs }
}

function familyOf(code: number): Family | undefined {
  // Nearly all text is here; the soft hyphen is the only one below U+034F.
  if (code < 0x34f && code !== 0xad) return undefined
  if (code > 0x3164 && code < 0xfe00) return undefined
  if (code === 0xad) return 'hyphen'
  if (code === 0x200b || code === 0xfeff || code === 0x2060) return 'space'
  if (code === 0x200c || code === 0x200d || code === 0x34f) return 'joiner'
  if (code >= 0x2061 && code <= 0x2065) return 'operator'
  if (code === 0x61c || code === 0x200e || code === 0x200f) return 'bidi'
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'bidi'
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'selector'
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag'
  if (code === 0x115f || code === 0x1160 || code === 0x3164 || code === 0xffa0) return 'filler'
  if (code === 0x17b4 || code === 0x17b5 || (code >= 0x180b && code <= 0x180f)) return 'filler'
  if ((code >= 0x206a && code <= 0x206f) || (code >= 0xfff9 && code <= 0xfffb)) return 'operator'
  if ((code >= 0x1bca0 && code <= 0x1bca3) || (code >= 0x1d173 && code <= 0x1d17a)) return 'operator'
  return undefined
}
