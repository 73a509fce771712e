import { isSecretKey } from '../text/secret-name.ts'
import type { SecretSpan } from './secret-shapes.ts'

/** Credentials told by the words, flags and elements around them. */
export function* spokenSecrets(text: string): Generator<SecretSpan> {
  for (const match of text.matchAll(scheme)) {
    if (/[0-9=_+/.-]|[a-z][A-Z]/u.test(match[1] ?? '')) yield tail(match, match[1] ?? '', 'authorization')
  }
  for (const match of text.matchAll(spoken)) yield tail(match, match[1] ?? '', 'password')
  for (const match of text.matchAll(login)) yield tail(match, match[1] ?? '', 'login')
  for (const match of text.matchAll(flag)) {
    if (isSecretKey(match[1] ?? '')) yield tail(match, match[2] ?? '', 'named secret')
  }
  for (const match of text.matchAll(sqlPassword)) yield tail(match, `${match[1] ?? ''}'`, 'password')
  for (const match of text.matchAll(netrc)) yield tail(match, match[1] ?? '', 'password')
  if (text.includes('<')) yield* elements(text)
}

function* elements(text: string): Generator<SecretSpan> {
  for (const match of text.matchAll(element)) {
    if (isSecretKey(match[1] ?? '')) yield tail(match, match[2] ?? '', 'named secret')
  }
  for (const match of text.matchAll(setting)) {
    if (isSecretKey(match[1] ?? '')) yield tail(match, match[2] ?? '', 'named secret')
  }
}

const scheme = /(?<![a-z])(?:bearer|basic|digest|negotiate|token|apikey)(?:\s|%20|\+){1,4}([^\s"'\\,;&]{8,})/giu
const spoken =
  /(?:passw(?:or)?d|passphrase|passcode|passwort|kennwort|secret|api[ _-]?key|token|pin)['"]?\s{1,4}(?:is|ist|was|lautet|:|=)\s{1,4}["'`]?([^\s"'`]{3,})/giu
const flag = /(?<![A-Za-z0-9-])--?([A-Za-z][A-Za-z0-9_.-]{1,63})\s{1,4}["']?([^\s"'-][^\s"']*)/gu
const login = /(?<![A-Za-z0-9-])(?:-u|--user|--proxy-user)[\s=]{0,4}["']?([^\s"':]{1,128}:[^\s"']{1,512})/gu
const sqlPassword = /(?:password|identified\s{1,4}by)\s{1,4}'([^']{1,256})'/giu
const netrc = /login\s{1,4}[^\s]{1,128}\s{1,4}password\s{1,4}([^\s]{1,256})/giu
// `<password>…` and `<add key="Password" value="…`
const element = /<(?:[A-Za-z0-9]{1,32}:)?([A-Za-z0-9_.-]{2,64})(?:\s[^<>]{0,256})?>([^<]{1,2048})/gu
const setting = /(?:name|key)\s?=\s?["']([A-Za-z0-9_.:-]{2,64})["']\s{1,4}value\s?=\s?["']([^"'<>]{1,2048})/giu

/** The span of what a pattern captured last. */
function tail(match: RegExpExecArray, value: string, kind: string): SecretSpan {
  const to = match.index + match[0].length
  return { from: to - value.length, to, kind }
}
