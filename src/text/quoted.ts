import { rewriterOf, type View } from './view.ts'

const stringUnits = 200_000

/**
 * The values of quoted strings run together, keys left out: a sentence that was split over fields of a JSON text is one
 * sentence again.
 */
export function quotedView(view: View): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  let values = 0
  for (let at = text.indexOf('"'); at >= 0 && at < text.length; ) {
    const end = closingQuote(text, at + 1)
    if (end < 0) break
    if (isKey(text, end + 1)) at = text.indexOf('"', end + 1)
    else {
      if (values++ > 0) out.put(' ', at, at + 1)
      out.copy(at + 1, end)
      at = text.indexOf('"', end + 1)
    }
  }
  return values < 2 ? undefined : out.done('joined')
}

function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0 && end - from < stringUnits; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return end
  }
  return -1
}

function isKey(text: string, from: number): boolean {
  for (let i = from; i < from + 4; i++) {
    const code = text.charCodeAt(i)
    if (code === 58) return true
    if (code !== 32 && code !== 9 && code !== 10) return false
  }
  return false
}
