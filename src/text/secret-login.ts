import { bitsPerChar, isPlaceholder, isRandomLike } from './placeholder.ts'
import type { Secret } from './secret-shape.ts'

/** Logins as programs write them down, by the word that each is looked for at. */
export const loginFinders: Readonly<Record<string, (text: string, at: number) => Secret | undefined>> = {
  'password ': netrcAt,
  ' -u ': commandAt,
  'auth"': registryAt,
  'auth\\': registryAt,
  'auth:': registryAt,
  'cookie:': cookieAt,
  'cookie"': cookieAt,
  'cookie\\': cookieAt,
}

/** Whether base64 holds a name and a password, as the header `Authorization: Basic` does. */
export function isLogin(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  return /^[\x20-\x7e]{1,100}:[\x20-\x7e]{3,}$/u.test(decoded)
}

const netrc = /password[ \t]{1,4}(\S{6,128})/iuy
const netrcLogin = /\blogin\s{1,4}\S{1,64}\s{1,4}$/iu

/** `machine host login name password …` of a file `.netrc`. */
function netrcAt(text: string, at: number): Secret | undefined {
  if (!netrcLogin.test(text.slice(Math.max(0, at - 100), at))) return undefined
  return captured(netrc, text, at)
}

const command = / -u ["']?[A-Za-z0-9_.@-]{1,64}:([^\s"':]{6,128})/uy
const caller = /\b(?:curl|wget|http)\b[^\n]{0,280}$/iu

/** `curl -u name:password`. */
function commandAt(text: string, at: number): Secret | undefined {
  if (!caller.test(text.slice(Math.max(0, at - 300), at))) return undefined
  return captured(command, text, at)
}

/** What the pattern captures, if it may be a password. */
function captured(pattern: RegExp, text: string, at: number): Secret | undefined {
  pattern.lastIndex = at
  const value = pattern.exec(text)?.[1] ?? ''
  if (value === '' || isPlaceholder(value) || !/[0-9]/u.test(value)) return undefined
  return { from: pattern.lastIndex - value.length, to: pattern.lastIndex, kind: 'password', confidence: 'likely' }
}

const registry = /auth\\{0,3}"?[ \t]{0,4}:[ \t]{0,4}\\{0,3}"?([A-Za-z0-9+/]{16,512}={0,2})/iuy

/** `"auth": "…"` of a registry of images: a name and a password in base64. */
function registryAt(text: string, at: number): Secret | undefined {
  registry.lastIndex = at
  const value = registry.exec(text)?.[1] ?? ''
  if (value === '' || isPlaceholder(value) || !isLogin(value)) return undefined
  const to = registry.lastIndex
  return { from: to - value.length, to, kind: 'authorization', confidence: 'certain' }
}

const cookies = /cookie\\{0,3}"?[ \t]{0,4}:[ \t]{0,4}\\{0,3}"?/iuy
const pair = /[ ]?([^\s=;,"\\]{1,64})=([^\s;,"\\]{0,1024});?/uy
const sessionName = /sess|sid|token|auth|jwt|login|remember/iu
const pairsMax = 32
const valueLeast = 16

/** `Cookie: session=…`: from the first pair that opens a session to the last one. */
function cookieAt(text: string, at: number): Secret | undefined {
  cookies.lastIndex = at
  if (!cookies.test(text)) return undefined
  pair.lastIndex = cookies.lastIndex
  let found: Secret | undefined
  for (let pairs = 0; pairs < pairsMax; pairs++) {
    const [whole = '', name, value = ''] = pair.exec(text) ?? []
    if (name === undefined) break
    const isLast = !whole.endsWith(';')
    const to = pair.lastIndex - (isLast ? 0 : 1)
    if (sessionName.test(name) && isSessionValue(value))
      found = { from: found?.from ?? to - value.length, to, kind: 'cookie', confidence: 'certain', isLong: true }
    if (isLast) break
  }
  return found
}

function isSessionValue(value: string): boolean {
  return value.length >= valueLeast && !isPlaceholder(value) && isRandomLike(value) && bitsPerChar(value) >= 3.2
}
