import type { Runtime, Tokenizer } from './onnx-runtime.ts'
import type { Tokens } from './onnx-windows.ts'

export type TokensOf = Tokens & {
  /** What fills an input whose length is fixed. */
  readonly padding: number
}

/** The tokens of a `tokenizer.json`; says what is wrong with a file that is none. */
export function tokensOf(text: string, { newTokenizer }: Pick<Runtime, 'newTokenizer'>): TokensOf | { fault: string } {
  const file = jsonIn(text)
  if (file === undefined || recordOf(file['model']) === undefined) return { fault: 'is no tokenizer.json' }
  try {
    const tokenizer = newTokenizer(file, {})
    const around = marksAround(tokenizer)
    if (around === undefined) return { fault: 'begins and ends its inputs in a way that is not known here' }
    const marks = marksIn(file)
    // A text that spells one of the marks must not end its own input.
    const idsOf = (piece: string) =>
      tokenizer.encode(piece, { add_special_tokens: false }).ids.filter(id => !marks.has(id))
    return { idsOf, ...around, padding: paddingIn(file) }
  } catch (cause) {
    return { fault: `cannot be used: ${cause instanceof Error ? cause.message.slice(0, 160) : String(cause)}` }
  }
}

function marksAround(tokenizer: Tokenizer): Pick<Tokens, 'before' | 'after'> | undefined {
  const { ids: bare } = tokenizer.encode('a', { add_special_tokens: false })
  const { ids: whole } = tokenizer.encode('a', { add_special_tokens: true })
  for (let at = 0; at + bare.length <= whole.length; at++)
    if (bare.length > 0 && bare.every((id, index) => whole[at + index] === id))
      return { before: whole.slice(0, at), after: whole.slice(at + bare.length) }
  return undefined
}

type Members = Readonly<Record<string, unknown>>

/** All special tokens but the one for what is not known, which honest texts have. */
function marksIn(file: Members): ReadonlySet<number> {
  const added: unknown = file['added_tokens']
  const model = recordOf(file['model']) ?? {}
  const marks = (Array.isArray(added) ? added : []).flatMap(one => {
    const { id, content, special } = recordOf(one) ?? {}
    const isUnknown = content === model['unk_token'] || id === model['unk_id']
    return special === true && typeof id === 'number' && !isUnknown ? [id] : []
  })
  return new Set(marks)
}

function paddingIn(file: Members): number {
  const id = recordOf(file['padding'])?.['pad_id']
  return typeof id === 'number' ? id : 0
}

function jsonIn(text: string): Members | undefined {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}
