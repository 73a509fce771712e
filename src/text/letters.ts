import { rewriterOf, type View } from './view.ts'

const spaced = /(?<![A-Za-z])[A-Za-z](?:[ .*_·|-]{1,3}[A-Za-z](?![A-Za-z])){5,}/gu
const word = /[A-Za-z0-9@$!|+]{2,20}/gu

const lettersOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
}

/** Letters set apart joined to words, and digits that stand for letters read as letters. */
export function joinedView(view: View): View | undefined {
  const out = rewriterOf(view)
  let kept = 0
  for (const found of view.text.matchAll(spaced)) {
    out.copy(kept, found.index)
    const end = found.index + found[0].length
    for (const unit of found[0].matchAll(/[A-Za-z]|[^A-Za-z]{2,}/gu)) {
      const from = found.index + unit.index
      if (unit[0].length === 1) out.copy(from, from + 1)
      else out.put(' ', from, from + unit[0].length)
    }
    kept = end
  }
  out.copy(kept, view.text.length)
  return kept === 0 ? undefined : out.done('letters')
}

export function undigitedView(view: View): View | undefined {
  const out = rewriterOf(view)
  let kept = 0
  for (const found of view.text.matchAll(word)) {
    const put = undigited(found[0])
    if (put === undefined) continue
    out.copy(kept, found.index)
    kept = found.index + found[0].length
    out.put(put, found.index, kept)
  }
  out.copy(kept, view.text.length)
  return kept === 0 ? undefined : out.done('letters')
}

function undigited(text: string): string | undefined {
  if (!/[A-Za-z]/u.test(text) || !/[0134578@$|+]/u.test(text)) return undefined
  const end = text.endsWith('!') ? text.length - 1 : text.length
  let out = ''
  for (let i = 0; i < end; i++) {
    const unit = text[i] ?? ''
    const isPair = unit === '1' && (text[i + 1] === '1' || text[i - 1] === '1')
    const read = isPair ? 'l' : (lettersOf[unit] ?? unit)
    if (!/[A-Za-z]/u.test(read)) return undefined
    out += read
  }
  return out + text.slice(end)
}

/** Each letter moved by thirteen places. */
export function rot13View(view: View): View {
  const text = view.text.replaceAll(/[A-Za-z]/gu, unit => {
    const code = unit.charCodeAt(0)
    return String.fromCharCode((code & 0x20 ? 97 : 65) + (((code | 0x20) - 97 + 13) % 26))
  })
  return { text, channel: 'rot13', parent: view, pieces: whole(view) }
}

/** Read from the end; each line on its own, so that the order of lines stays. */
export function reversedView(view: View): View {
  const out = rewriterOf(view)
  for (const line of view.text.matchAll(/[^\n]+|\n/gu)) out.mirror(line.index, line.index + line[0].length)
  return out.done('reversed') ?? view
}

function whole(view: View) {
  return { at: [0], from: [0], to: [view.text.length], step: [1 as const] }
}
