/**
 * Names that somebody could register in the hope that another one is meant. Written apart from the rules that find them,
 * from what was seen in registries: each way is applied at every place of a name where it changes something.
 */
export type Squat = { readonly way: string; readonly of: string; readonly name: string }

const rows = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const

function neighbours(letter: string): string[] {
  const row = rows.findIndex(each => each.includes(letter))
  const column = rows[row]?.indexOf(letter) ?? -1
  if (column < 0) return []
  const around = [-1, 0, 1].flatMap(step => [rows[row - 1]?.[column + step], rows[row + 1]?.[column + step]])
  return [rows[row]?.[column - 1], rows[row]?.[column + 1], ...around].filter(each => each !== undefined)
}

const twins: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  o: 'о',
  p: 'р',
  x: 'х',
  y: 'у',
  s: 'ѕ',
  i: 'і',
}
const shapes: readonly (readonly [string, string])[] = [
  ['l', '1'],
  ['i', 'l'],
  ['i', '1'],
  ['o', '0'],
  ['m', 'rn'],
  ['w', 'vv'],
  ['d', 'cl'],
  ['s', '5'],
  ['e', '3'],
]
const vowels = 'aeiou'

/** Each way gets the body of a name, the scope taken off, and answers with every body that it makes of it. */
const ofBody: Readonly<Record<string, (body: string) => readonly string[]>> = {
  'letter left out': body => everywhere(body, (head, tail) => head + tail.slice(1)),
  'letter doubled': body => everywhere(body, (head, tail) => head + tail[0] + tail),
  'letters swapped': body => everywhere(body, (head, tail) => head + (tail[1] ?? '') + tail[0] + tail.slice(2)),
  'neighbouring key': body =>
    spread(
      body,
      letter => neighbours(letter),
      (head, put, tail) => head + put + tail.slice(1),
    ),
  'key pressed beside': body =>
    spread(
      body,
      letter => neighbours(letter),
      (head, put, tail) => head + put + tail,
    ),
  'other vowel': body =>
    spread(
      body,
      letter => (vowels.includes(letter) ? [...vowels] : []),
      (head, put, tail) => head + put + tail.slice(1),
    ),
  'one bit of a letter': body => spread(body, flips, (head, put, tail) => head + put + tail.slice(1)),
  'letter of another script': body =>
    spread(
      body,
      letter => [twins[letter] ?? ''].filter(Boolean),
      (head, put, tail) => head + put + tail.slice(1),
    ),
  'shape of a letter': body =>
    shapes.flatMap(([from, to]) =>
      everywhere(body, (head, tail) => (tail.startsWith(from) ? head + to + tail.slice(from.length) : '')),
    ),
  'separator moved': body => separators(body).flatMap(at => [swap(body, at, at - 1), swap(body, at, at + 1)]),
  'separator gone': body => separators(body).map(at => body.slice(0, at) + body.slice(at + 1)),
  'separator of another kind': body =>
    separators(body).flatMap(at => ['_', '.', '--'].map(put => body.slice(0, at) + put + body.slice(at + 1))),
  plural: body => [`${body}s`, body.replace(/^server-/u, 'servers-')],
  'words turned round': body => [body.split('-').toReversed().join('-'), rotated(body)],
}

/** Each way gets a server's name without its scope and answers with whole names. */
const ofServer: Readonly<Record<string, (body: string) => readonly string[]>> = {
  'scope dropped': body => [`mcp-${body}`, `modelcontextprotocol-${body}`, `${body}-mcp`],
  'scope of another spelling': body =>
    [
      'model-context-protocol',
      'modelcontextprotocols',
      'modelcontextprotoco1',
      'modelcontextprotcol',
      'modelcontext-protocol',
    ]
      .concat([
        'modeicontextprotocol',
        'rnodelcontextprotocol',
        'modelcontextprotocol-ai',
        'mcp',
        'modelcontextprotocolio',
      ])
      .map(scope => `@${scope}/${body}`),
  'words added': body =>
    ['official', 'js', 'node', 'latest', 'v2', 'fixed'].flatMap(word => [`mcp-${body}-${word}`, `${word}-mcp-${body}`]),
}

/** Every squat of these names that is not itself one of them. */
export function squatsOf(names: readonly string[]): readonly Squat[] {
  const seen = new Set(names)
  const found: Squat[] = []
  const add = (way: string, of: string, name: string) => {
    if (name === '' || seen.has(name)) return
    seen.add(name)
    found.push({ way, of, name })
  }
  for (const of of names) {
    const at = of.indexOf('/') + 1
    const body = of.slice(at)
    for (const [way, make] of Object.entries(ofBody))
      for (const made of make(body)) if (made !== body && made.length > 2) add(way, of, of.slice(0, at) + made)
    if (at > 0 && body.startsWith('server-'))
      for (const [way, make] of Object.entries(ofServer)) for (const made of make(body)) add(way, of, made)
  }
  return found
}

function everywhere(body: string, change: (head: string, tail: string) => string): string[] {
  return Array.from(body, (_, at) => change(body.slice(0, at), body.slice(at))).filter(each => each.length > 2)
}

type Put = (head: string, put: string, tail: string) => string

function spread(body: string, choices: (letter: string) => readonly string[], put: Put): string[] {
  return Array.from(body).flatMap((letter, at) =>
    choices(letter).map(choice => put(body.slice(0, at), choice, body.slice(at))),
  )
}

function flips(letter: string): string[] {
  const codes = Array.from({ length: 7 }, (_, bit) => letter.charCodeAt(0) ^ (1 << bit))
  return codes.map(code => String.fromCharCode(code)).filter(each => /[a-z0-9]/u.test(each))
}

function separators(body: string): number[] {
  return Array.from(body).flatMap((letter, at) => (letter === '-' ? [at] : []))
}

function swap(body: string, a: number, b: number): string {
  const [from, to] = [Math.min(a, b), Math.max(a, b)]
  if (from < 1 || to >= body.length - 1) return ''
  return body.slice(0, from) + body[to] + body.slice(from + 1, to) + body[from] + body.slice(to + 1)
}

function rotated(body: string): string {
  const [first = '', ...rest] = body.split('-')
  return [...rest, first].join('-')
}
