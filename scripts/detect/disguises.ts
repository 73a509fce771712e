import { gzipSync } from 'node:zlib'

const codes = (text: string) => [...text].map(unit => unit.codePointAt(0) ?? 0)
const letters = (text: string, make: (code: number) => string) =>
  text.replaceAll(/[a-z]/gu, unit => make(unit.charCodeAt(0) - 97))

/** The ways in which an attack is hidden from filters and still read by a model. */
export const disguises: Readonly<Record<string, (text: string) => string>> = {
  none: text => text,
  'zero-width characters': text => [...text].join('\u200b'),
  'tag characters': text => String.fromCodePoint(...codes(text).map(code => 0xe0000 + code)),
  'variation selectors': text => String.fromCodePoint(...codes(text).map(byte => 0xe0100 + byte - 16)),
  'bidi override': text => `\u202e${[...text].reverse().join('')}\u202c`,
  'HTML entities': text =>
    codes(text)
      .map(code => `&#${code};`)
      .join(''),
  homoglyphs: text => text.replaceAll('e', 'е').replaceAll('o', 'о').replaceAll('a', 'а').replaceAll('i', 'і'),
  'styled letters': text => letters(text, at => String.fromCodePoint(0x1d41a + at)),
  'full-width letters': text => letters(text, at => String.fromCharCode(0xff41 + at)),
  leetspeak: text => text.replaceAll(/[aeios]/gu, unit => ({ a: '4', e: '3', i: '1', o: '0', s: '5' })[unit] ?? unit),
  'terminal conceal': text => `\u001b[8m${text}\u001b[0m`,
  'upper case': text => text.toUpperCase(),
  'HTML comment': text => `<!-- ${text} -->`,
  'hidden element': text => `<span style="display:none">${text}</span>`,
  'tags inside words': text => text.replaceAll(/(\w{3})(\w)/gu, '$1<b></b>$2'),
  'alt text': text => `<img src="x.png" alt="${text}">`,
  'Markdown comment': text => `\n[//]: # (${text})\n`,
  'split over JSON fields': text =>
    JSON.stringify(Object.fromEntries(text.split(/(?<= \S+ \S+) /u).map((part, i) => [`f${i}`, part]))),
  'JSON escapes': text =>
    codes(text)
      .map(code => `\\u${code.toString(16).padStart(4, '0')}`)
      .join(''),
  'percent encoding': text =>
    codes(text)
      .map(code => `%${code.toString(16)}`)
      .join(''),
  base64: text => Buffer.from(text).toString('base64'),
  'base64 twice': text => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  hex: text => Buffer.from(text).toString('hex'),
  'gzip and base64': text => gzipSync(text).toString('base64'),
  rot13: text =>
    text.replaceAll(/[a-z]/giu, unit =>
      String.fromCharCode((unit <= 'Z' ? 65 : 97) + (((unit.charCodeAt(0) | 32) - 97 + 13) % 26)),
    ),
  reversed: text => [...text].reverse().join(''),
  'spaced letters': text =>
    text
      .split(' ')
      .map(word => [...word].join(' '))
      .join('   '),
  'soft hyphens': text => [...text].join('\u00ad'),
  'combining marks': text => text.replaceAll(/[a-z]/gu, '$&\u0336'),
}
