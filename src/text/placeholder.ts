/** Whether a value stands in a credential's place and is none: a reference, an example, a mask, a word for it. */
export function isPlaceholder(value: string): boolean {
  return reference.test(value) || stands.test(value) || isMask(value) || wordsFor.test(value)
}

const reference =
  /^(?:\$\{|\{\{|<|\$\(|%[A-Za-z_]|\$[A-Za-z_]|@[A-Za-z_]+@|!Ref|!ref|\[\[?[A-Za-z]|process\.env|os\.environ|import\.meta|env\.|secrets\.|vault:|op:\/\/|keyring:|file:|arn:|ref\+|vars\.|self\.|this\.|config\.)/u
const stands =
  /example|sample|dummy|placeholder|change[-_ ]?(?:me|it)|your[-_ ]|^your|insert[-_ ]|replace[-_ ]?(?:me|with|this)|redacted|masked|removed by|^todo|not[-_ ]?a[-_ ]?real|fake|abcdefgh|0123456789|1234567890|\.\.\.|…|\$\{|\{\{/iu
const wordsFor =
  /^(?:null|none|nil|undefined|true|false|string|text|str|bytes?|secret|secrets|token|tokens|password|passwd|pass|pwd|passphrase|key|api[-_]?key|test|testing|user|username|admin|root|guest|empty|required|optional|unset|disabled|enabled|default|value|hidden|no|yes|n\/a|any|unknown|object|number|boolean|foo|bar|baz|foobar)$/iu

/** Nothing but a few characters over and over, or a long run of a filler. */
function isMask(value: string): boolean {
  return /[xX*•●#]{5}|_{5}|-{5}|0{8}/u.test(value) || new Set(value.slice(0, 64)).size < 4
}

/** Shannon entropy of the characters' frequencies. */
export function bitsPerChar(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Whether a key could have been drawn at random: identifiers made of words and small numbers could not. */
export function isRandomLike(value: string): boolean {
  if (!/[0-9]/u.test(value) || bitsPerChar(value) < 2.6) return false
  return !value.split(/[-_./]/u).every(part => /^(?:[a-z]*|[A-Z]?[a-z]+|[A-Z]+|v?[0-9]{1,4})$/u.test(part))
}
