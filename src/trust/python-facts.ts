import { addressesIn, isBlob, isSecretPlace } from './address-text.ts'
import { pythonAliases } from './python-aliases.ts'
import { deeds, type PythonWalk, seePythonEvasion, watched } from './python-evasion.ts'
import { type PythonToken, pythonTokens } from './python-tokens.ts'
import { unknownPart } from './source-constant.ts'
import type { Fact, FactKind, ModuleFacts } from './source-facts.ts'

const networkModules =
  /^(?:socket|ssl|http\.(?:client|server)|urllib\.(?:request|robotparser)|urllib3|requests|httpx|aiohttp|websockets?|ftplib|smtplib|poplib|imaplib|nntplib|telnetlib|xmlrpc|socketserver|asyncore|paramiko|asyncssh|boto3|botocore|grpc|pycurl|dns|redis|pymongo|psycopg2?|asyncpg|pymysql|mysql|httplib2|tornado|twisted|treq|niquests|curl_cffi|selenium|playwright|pyppeteer|_socket|_ssl)(?:\.|$)/u
const childModules =
  /^(?:subprocess|pty|multiprocessing|pexpect|sh|plumbum|invoke|fabric|git|docker|_posixsubprocess|popen2|commands)(?:\.|$)/u
const codeModules =
  /^(?:pickle|_pickle|cPickle|dill|cloudpickle|shelve|marshal|code|codeop|runpy|importlib|imp|zipimport|pkgutil|jsonpickle|RestrictedPython)(?:\.|$)/u
const nativeModules = /^(?:ctypes|_ctypes|cffi|_cffi_backend|numba|pyximport|cython)(?:\.|$)/u

const runners =
  /^(?:(?:[\w.]+\.)?os\.(?:system|popen\w*|exec[lv]\w*|spawn[lv]\w*|posix_spawnp?|startfile|fork|forkpty)|posix\.(?:system|exec\w*|fork\w*)|nt\.system|subprocess\.\w+|pty\.spawn|asyncio(?:\.subprocess)?\.create_subprocess_(?:exec|shell)|(?:asyncio\.)?\w*loop\.subprocess_(?:exec|shell))$/u
const networkCalls =
  /^urllib\.request\.\w+$|^http\.client\.\w+$|^asyncio\.(?:open_connection|start_server|open_unix_connection)$|\.(?:create_connection|sock_connect)$/u
const codeMakers =
  /^(?:builtins\.|__builtins__\.)?(?:eval|exec|__import__)$|^importlib\.(?:import_module|reload|machinery\.\w+|util\.\w+)$|^types\.(?:FunctionType|CodeType|LambdaType)$|^(?:sys\.modules|sys\.meta_path|sys\.path_hooks|builtins|__builtins__|__loader__)(?:\.|$)/u

/** What one Python module does, from its words alone: it is read by the rules of the language's lexer, and never run. */
export function pythonFactsOf(source: string, file: string): ModuleFacts {
  const unread = (why: string, line: number): ModuleFacts => ({
    facts: [{ kind: 'unread', what: why, file, line }],
    imports: [],
  })
  // A codec of its own could make any text of what is read here.
  const coding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/mu.exec(source.split('\n').slice(0, 2).join('\n'))?.[1]
  if (coding !== undefined && !/^(?:utf-?8(?:-sig)?|ascii|us-ascii|latin-?1|iso-8859-15?|cp1252)$/iu.test(coding))
    return unread(`is written in the encoding ${coding.slice(0, 40)}, which is not read`, 1)
  try {
    const read = pythonTokens(source)
    return read.ok ? walked(read.tokens, file) : unread(`is not Python that can be read: it ${read.why}`, read.line)
  } catch (cause) {
    // Texts in texts, ten thousand deep.
    if (!(cause instanceof RangeError)) throw cause
    return unread('is not Python that can be read: it is nested too deep', 1)
  }
}

const factsMax = 5000
const whatMax = 200

type Walk = PythonWalk

function walked(all: readonly PythonToken[], file: string): ModuleFacts {
  const facts: Fact[] = []
  const tokens = folded(all)
  const note = (kind: FactKind, what: string, line: number) => {
    if (facts.length < factsMax) facts.push({ kind, what: what.slice(0, whatMax), file, line })
  }
  const { aliases, imports } = pythonAliases(tokens)
  const told = new Set(imports.filter(({ name }) => kindOfModule(name) !== undefined).map(({ name }) => name))
  for (const { name, line } of imports) {
    const kind = kindOfModule(name)
    // Of `from httpx import Client` the module is the news, and not each of its members.
    if (kind !== undefined && !told.has(name.split('.').slice(0, -1).join('.'))) note(kind, name, line)
  }
  const walk = { tokens, aliases, imports: new Set(imports.map(({ name }) => name)), note }
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    seePythonEvasion(walk, at)
    if (token?.kind === 'text') seeText(token, note)
    else if (token?.kind === 'name') seeName(walk, at)
  }
  const distinct = new Map(facts.map(fact => [`${fact.kind} ${fact.what} ${fact.line}`, fact]))
  return { facts: [...distinct.values()], imports: [...new Set(imports.map(({ name }) => name))] }
}

function kindOfModule(name: string): FactKind | undefined {
  if (networkModules.test(name)) return 'network'
  if (childModules.test(name)) return 'child'
  if (nativeModules.test(name)) return 'native'
  return codeModules.test(name) && !/^importlib\.(?:metadata|resources)/u.test(name) ? 'dynamic-code' : undefined
}

/** Texts that stand beside each other or are added are one text; so are decoded ones. */
function folded(tokens: readonly PythonToken[]): readonly PythonToken[] {
  const out: PythonToken[] = []
  for (const token of tokens) {
    const last = out.at(-1)
    const before = out.at(-2)
    if (token.kind === 'text' && last?.kind === 'text') out.splice(-1, 1, { ...last, text: last.text + token.text })
    else if (token.kind === 'text' && last?.text === '+' && last.kind === 'sign' && before?.kind === 'text')
      out.splice(-2, 2, { ...before, text: before.text + token.text })
    else out.push(token)
  }
  return out
}

function seeText({ text, line }: PythonToken, note: Walk['note']): void {
  for (const host of addressesIn(text)) note('host', host, line)
  if (isSecretPlace(text)) note('files', text, line)
  if (isBlob(text)) note('obfuscated', `${text.length} characters of encoded text`, line)
  for (const [hidden, how] of decodings(text))
    for (const host of addressesIn(hidden)) {
      note('host', host, line)
      note('obfuscated', `an address ${how}`, line)
    }
}

const hiddenCharsMax = 4096

/** What a text would be, decoded in the ways that cost an author one call. */
function decodings(text: string): (readonly [string, string])[] {
  if (text.length < 8 || text.length > hiddenCharsMax) return []
  const isBase64 = text.length >= 12 && /^[A-Za-z0-9+/_-]+=*$/u.test(text)
  const isHex = text.length >= 16 && text.length % 2 === 0 && /^[0-9a-fA-F]+$/u.test(text)
  return [
    ...(isBase64 ? [[Buffer.from(text, 'base64').toString('latin1'), 'in base64'] as const] : []),
    ...(isHex ? [[Buffer.from(text, 'hex').toString('latin1'), 'in hexadecimal digits'] as const] : []),
    ...(/\/\/:s?(?:ptth|sw)/u.test(text) ? [[[...text].toReversed().join(''), 'written backwards'] as const] : []),
    ...(/^(?:uggcf?|jff?):\/\//u.test(text) ? [[rotated(text), 'in letters moved by 13'] as const] : []),
  ]
}

function rotated(text: string): string {
  return text.replaceAll(/[a-z]/giu, letter => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}

function seeName(walk: Walk, at: number): void {
  const { tokens, aliases, note } = walk
  const token = tokens[at]
  if (token === undefined) return
  const { text, line } = token
  const before = tokens[at - 1]?.text
  if (before === '.' || before === 'def' || before === 'class') return
  const { path, next } = pathAt(tokens, at, aliases)
  const called = tokens[next]?.text === '(' ? next + 1 : undefined
  if (text === unknownPart) note('unread', 'code in the braces of a text that could not be read', line)
  if (runners.test(path)) note('child', programOf(tokens, called), line)
  else if (networkCalls.test(path)) note('network', path, line)
  else if (path === 'compile' && called !== undefined) note('dynamic-code', path, line)
  else if (codeMakers.test(path) && tokens[next]?.text !== '=') seeCode(walk, { path, called, line })
  else if (path === 'getattr' || path === 'builtins.getattr') seeGetattr(walk, called, line)
  else if (/^os\.environb?(?:\.|$)|^os\.getenvb?$|^posix\.environ/u.test(path)) seeEnv(walk, { path, next, line })
  else if (/^(?:os\.path\.expanduser|pathlib\.Path\.home|Path\.home)$/u.test(path))
    note('files', 'the home folder', line)
  else if (/^(?:ctypes|cffi)\./u.test(path)) note('native', path, line)
}

/** `a.b.c` with its first step read as what it stands for, and where the words go on behind it. */
function pathAt(tokens: readonly PythonToken[], from: number, aliases: Walk['aliases']) {
  const steps = [tokens[from]?.text ?? '']
  let next = from + 1
  while (tokens[next]?.text === '.' && tokens[next + 1]?.kind === 'name') {
    steps.push(tokens[next + 1]?.text ?? '')
    next += 2
  }
  const [first = '', ...rest] = steps
  return { path: [aliases.get(first) ?? first, ...rest].join('.'), next }
}

const openers = new Set(['(', '[', '{'])

/** `["git", "log"]`, `"git log"`, and nothing where the program is not written there. */
function programOf(tokens: readonly PythonToken[], called: number | undefined): string {
  let at = called ?? tokens.length
  while (openers.has(tokens[at]?.text ?? '') || tokens[at]?.kind === 'line') at++
  const word = tokens[at]?.kind === 'text' ? tokens[at]?.text.trim().split(/\s/u)[0] : undefined
  return word !== undefined && word !== '' && !word.includes(unknownPart)
    ? `runs ${word}`
    : 'runs a program named at run time'
}

type Place = { readonly path: string; readonly called: number | undefined; readonly line: number }

/** A module that is named in the call is an import like another. */
function seeCode({ tokens, note }: Walk, { path, called, line }: Place): void {
  const first = called === undefined ? undefined : tokens[called]
  const isImport = /__import__$|import_module$/u.test(path)
  if (!isImport || first?.kind !== 'text' || first.text.includes(unknownPart)) {
    note('dynamic-code', isImport ? 'loads a module whose name is made at run time' : path, line)
    return
  }
  const kind = kindOfModule(first.text)
  if (kind !== undefined) note(kind, first.text, line)
  if (kind !== undefined || /^(?:os|sys|builtins|posix)$/u.test(first.text))
    note('obfuscated', `${first.text}, loaded so that a search does not find it`, line)
}

/** `getattr(os, 'sys' + 'tem')` is `os.system`. */
function seeGetattr({ tokens, aliases, note }: Walk, called: number | undefined, line: number): void {
  if (called === undefined) return
  const { path, next } = pathAt(tokens, called, aliases)
  const member = tokens[next]?.text === ',' ? tokens[next + 1] : undefined
  if (member?.kind === 'text' && deeds.test(member.text) && (watched.test(path) || !/^\w+$/u.test(path))) {
    note(/^(?:environ|getenv)$/u.test(member.text) ? 'env' : 'dynamic-code', `${path}.${member.text}`, line)
    note('obfuscated', `${path}.${member.text}, written so that a search does not find it`, line)
  } else if (watched.test(path) && member?.kind !== 'text')
    note('dynamic-code', `a member of ${path} that is named at run time`, line)
}

/** `os.environ['X']`, `os.environ.get('X')`, `os.getenv('X')`; all else is any variable. */
function seeEnv({ tokens, note }: Walk, { path, next, line }: { path: string; next: number; line: number }): void {
  const isCall = tokens[next]?.text === '(' && /(?:getenvb?|\.get|\.pop|\.setdefault)$/u.test(path)
  const named = isCall || tokens[next]?.text === '[' ? tokens[next + 1] : undefined
  const isPlain =
    named?.kind === 'text' && /^\w+$/u.test(named.text) && [')', ']', ','].includes(tokens[next + 2]?.text ?? '')
  note('env', isPlain ? named.text : 'any variable', line)
}
