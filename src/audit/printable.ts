/**
 * Text that a terminal, a pager or a browser shows as it is. Control characters, escape sequences, line breaks, and
 * characters that are invisible or turn the direction of writing are spelled out: a record must not be able to forge a
 * second record, hide part of itself, or drive the terminal of the person who reads it.
 */
export function printable(text: string): string {
  if (!unsafe.test(text)) return text
  return text.toWellFormed().replaceAll(everyUnsafe, spell)
}

// C0, DEL, C1, soft hyphen, Arabic letter mark, fillers, zero width, bidi, line separators, variation selectors, tags.
const unsafeClass =
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f' +
  '\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb' +
  '\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]'
const unsafe = new RegExp(unsafeClass, 'u')
const everyUnsafe = new RegExp(unsafeClass, 'gu')

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function spell(character: string): string {
  return short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
