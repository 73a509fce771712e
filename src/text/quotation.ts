import type { Span } from './view.ts'

export const quotationBounds = { units: 16_384, quoteUnits: 1500 } as const

/**
 * Parts of a text that are shown rather than said: fenced, set off, in quotes, in a table or a list. A value of JSON
 * stands in quotes too, but nobody quotes it.
 */
export function quotationsIn(text: string): readonly Span[] {
  const spans: Span[] = []
  let fence: { readonly mark: string; readonly from: number } | undefined
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    const line = text.slice(from, to)
    const mark = /^\s{0,8}(?:```|~~~)/u.exec(line)?.[0].trim()
    if (fence !== undefined) {
      if (mark === fence.mark) {
        spans.push([fence.from, to])
        fence = undefined
      }
    } else if (mark !== undefined) fence = { mark, from }
    else if (isSetOff(line)) spans.push([from, to])
    else {
      for (const [start, stop] of quotesIn(line)) spans.push([from + start, from + stop])
      const over = quoteOverLines(text, from, to)
      if (over !== undefined) {
        spans.push(over)
        from = over[1]
        continue
      }
    }
    from = to + 1
  }
  return spans
}

/** Whether most of a span is shown rather than said. */
export function isQuoted(quotations: readonly Span[], [from, to]: Span): boolean {
  let inside = 0
  for (const [start, end] of quotations) inside += Math.max(0, Math.min(to, end) - Math.max(from, start))
  return inside >= 0.6 * (to - from)
}

const setOff = /^\s{0,3}>|^\s{0,8}\|.{1,2000}\||^\s{0,12}(?:[-*+]|\d{1,2}[.)]|\(?[a-d]\))\s|^\s{0,8}<t[rd]\b/u

function isSetOff(line: string): boolean {
  return setOff.test(line)
}

const closers: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '”': '”',
  '‘': '’',
  '«': '»',
  '「': '」',
  '『': '』',
  '„': '“',
  '/': '/',
}

function quotesIn(line: string): Span[] {
  const spans: Span[] = []
  let isSample: boolean | undefined
  for (let at = 0; at < line.length; at++) {
    const close = closers[line[at] ?? '']
    if (close === undefined || !opens(line, at)) continue
    const end = closingAt(line, close, at + 2)
    if (end < 0) continue
    const isValue = isValueOfJson(line, at)
    // Asked once: a line may be a whole document with a thousand values.
    if (isValue) isSample ??= isLabelled(line)
    if (!isValue || isSample === true) spans.push([at, end + 1])
    at = end
  }
  return spans
}

/** A quote that begins in a line and ends in one of the next few, as that of an output of many lines does. */
function quoteOverLines(text: string, from: number, to: number): Span | undefined {
  const line = text.slice(from, to)
  const at = Math.max(...overLines.map(mark => line.lastIndexOf(mark)))
  const close = closers[line[at] ?? '']
  if (close === undefined || !opens(line, at) || isValueOfJson(line, at) || closingAt(line, close, at + 2) >= 0) return
  const paragraph = text.slice(from, to + quotationBounds.quoteUnits).split('\n\n', 1)[0] ?? ''
  const end = closingAt(paragraph, close, line.length)
  return end < 0 ? undefined : [from + at, from + end + 1]
}

const overLines = ['"', '“', '„', '«', '「']

function opens(line: string, at: number): boolean {
  if (line[at] !== '«' && /[\s)\]}.,;:]/u.test(line[at + 1] ?? ' ')) return false
  const isBracket = !/["'`/]/u.test(line[at] ?? '')
  return at === 0 || isBracket || /[\s([{=:,>|-]|[^\p{ASCII}]/u.test(line[at - 1] ?? ' ')
}

function closingAt(line: string, close: string, from: number): number {
  const most = Math.min(line.length, from + quotationBounds.quoteUnits)
  for (let at = line.indexOf(close, from); at >= 0 && at < most; at = line.indexOf(close, at + 1))
    if (
      !/[\p{L}\d]/u.test(line[at + 1] ?? ' ') ||
      /[a-z]{1,3}\b/u.test(close === '/' ? line.slice(at + 1, at + 4) : '')
    )
      return at
  return -1
}

function isValueOfJson(line: string, at: number): boolean {
  return /"\s{0,3}:\s{0,3}$/u.test(line.slice(Math.max(0, at - 8), at))
}

const labelled =
  /"(?:label|expected|verdict|is_(?:attack|injection|malicious))"\s{0,3}:\s{0,3}(?:[01]\b|true|false|"(?:malicious|benign|attack|injection|(?:un)?safe|block(?:ed)?|deny)")/u

/** A row of a collection of samples says of each text what it is; a record that somebody wrote into has no such field. */
function isLabelled(line: string): boolean {
  return labelled.test(line)
}
