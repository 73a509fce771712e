import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Guard } from '../core/guard.ts'
import type { Options } from '../core/option.ts'
import { type GuardSettings, guardFaults } from '../core/pipeline.ts'
import type { Joined } from './join.ts'
import type { Path } from './problem.ts'

/** Where complaints about options go, and what relative paths in them mean. */
export type Complain = { about(path: Path, text: string): void; folderOf(path: Path): string }

type Values = Readonly<Record<string, unknown>>

/** Asks every guard that is on whether it can judge with its options. */
export function faultsOf(settings: GuardSettings, guards: readonly Guard[], complain: Complain): void {
  for (const guard of guards) {
    const values = settings[guard.id]
    if (values === undefined || values === false) continue
    for (const { path, text } of guardFaults(guard, values)) complain.about(['guards', guard.id, ...path], text)
  }
}

/** The settings with the lines of the files that lists name added to the lists they belong to. */
export async function withDictionaries(
  joined: Joined['guards'],
  guards: readonly Guard[],
  complain: Complain,
): Promise<Joined['guards']> {
  const filled = await Promise.all(
    guards.map(async ({ id, options }) => {
      const values = joined[id]
      if (values === undefined || values === false) return []
      return [[id, await filledIn(options, values, { path: ['guards', id], complain })] as const]
    }),
  )
  return { ...joined, ...Object.fromEntries(filled.flat()) }
}

type Place = { readonly path: Path; readonly complain: Complain }

async function filledIn(options: Options, values: Values, place: Place): Promise<Values> {
  const filled: Record<string, unknown> = { ...values }
  for (const [name, option] of Object.entries(options)) {
    const value = values[name]
    const here = { ...place, path: [...place.path, name] }
    if (option.kind === 'group') filled[name] = await filledIn(option.each, recordOf(value), here)
    else if (option.kind === 'map') filled[name] = await filledMap(option.each, recordOf(value), here)
    else if (option.kind === 'list' && option.linesInto !== undefined && Array.isArray(value)) {
      const lines = await linesOf(value.map(String), here)
      const own = values[option.linesInto]
      filled[option.linesInto] = [...(Array.isArray(own) ? own : []), ...lines]
    }
  }
  return filled
}

async function filledMap(each: Options, values: Values, { path, complain }: Place): Promise<Values> {
  const entries = Object.entries(values).map(
    async ([key, value]) => [key, await filledIn(each, recordOf(value), { path: [...path, key], complain })] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

function recordOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

const dictionaryBounds = { bytes: 4 * 1024 * 1024, words: 100_000 } as const

async function linesOf(files: readonly string[], { path, complain }: Place): Promise<string[]> {
  const all = await Promise.all(
    files.map(async (file, index) => {
      const read = await wordsIn(resolve(complain.folderOf(path), file))
      if ('words' in read) return read.words
      complain.about([...path, index], `${file} ${read.why}`)
      return []
    }),
  )
  return all.flat()
}

type Read = { readonly words: readonly string[] } | { readonly why: string }

/** The words of a file. One that cannot be read, or holds none, must not pass for a dictionary without a match. */
async function wordsIn(file: string): Promise<Read> {
  try {
    const { size } = await stat(file)
    if (size > dictionaryBounds.bytes) return { why: `is longer than ${dictionaryBounds.bytes} bytes` }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
    const lines = text.split('\n').map(line => line.replace(/^\s*#.*$/u, '').trim())
    const words = [...new Set(lines.filter(line => line !== ''))]
    if (words.length === 0) return { why: 'holds no words' }
    if (words.length > dictionaryBounds.words) return { why: `holds more than ${dictionaryBounds.words} words` }
    return { words }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is no text'
    return { why: `cannot be read (${code})` }
  }
}
