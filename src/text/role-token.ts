import { automatonOf } from './automaton.ts'
import type { Literal } from './literal-tree.ts'
import type { Span } from './view.ts'

/** A mark by which chat templates tell who speaks, standing where only data should stand. */
export type RoleToken = { readonly span: Span; readonly as: 'control' | 'turn' | 'tool-answer' }

// Control tokens of the common chat templates; no honest answer needs them outside a text about templates.
const control =
  '<|im_start|>¦<|im_end|>¦<|im_sep|>¦<|endoftext|>¦<|endofprompt|>¦<|startoftext|>¦<|begin_of_text|>¦<|end_of_text|>¦<|start_header_id|>¦<|end_header_id|>¦<|eot_id|>¦<|eom_id|>¦<|python_tag|>¦<|system|>¦<|user|>¦<|assistant|>¦<|developer|>¦<|channel|>¦<|message|>¦<|return|>¦<|call|>¦<|constrain|>¦<|start|>¦<|end|>¦<|tool|>¦<|tools|>¦<|observation|>¦<|begin▁of▁sentence|>¦<start_of_turn>¦<end_of_turn>¦<<SYS>>¦<</SYS>>¦[INST]¦[/INST]¦[SYSTEM_PROMPT]¦[/SYSTEM_PROMPT]¦[AVAILABLE_TOOLS]¦[TOOL_CALLS]¦[TOOL_RESULTS]¦[/TOOL_RESULTS]¦<bos>¦<eos>¦[gMASK]¦<|START_OF_TURN_TOKEN|>¦<|END_OF_TURN_TOKEN|>¦<|SYSTEM_TOKEN|>¦<|USER_TOKEN|>¦<|CHATBOT_TOKEN|>'
const toolAnswer =
  '</tool_result>¦</tool_results>¦</tool_response>¦</tool_output>¦</function_results>¦</function_result>¦<function_calls>¦<function_call>¦<tool_call>¦</tool_call>¦<tool_use>¦<invoke name=¦</untrusted>¦</untrusted_data>¦<system-reminder>¦</system-reminder>¦<system_message>¦<system_instruction>¦<system>¦</system>'

const tokenKinds = ['control', 'tool-answer'] as const

/** The tokens as literals, numbered from here on: `first` for control tokens, the next for ends of tool answers. */
export function tokenLiterals(first: number): Literal[] {
  return [control, toolAnswer].flatMap((list, i) => list.split('¦').map(text => ({ text, id: first + i })))
}

let machine: ReturnType<typeof automatonOf> | undefined

// A turn written out at the start of a line, answered by another: one alone is how people write dialogue.
const turn = /[ \t#*>]{0,8}(?:system|assistant|human|user|ai)[ \t]?(?:message|prompt|turn)?[*]{0,2}:[*]{0,2}[ \t]/iuy
const turnMarks = new Set([...' \t#*>'].map(mark => mark.charCodeAt(0)))
const turnLetters = new Set([...'sShHuUaA\u017f'].map(letter => letter.charCodeAt(0)))

export const roleTokenBounds = { tokens: 64 } as const

/** Every mark of a text by which a turn is forged. */
export function roleTokensIn(text: string): RoleToken[] {
  if (!mayHoldToken.test(text)) return roleTokensAmong(text, [])
  machine ??= automatonOf(tokenLiterals(0))
  return roleTokensAmong(text, machine.scan(text))
}

// In either width; the others that fold into one are not drawn like it.
const mayHoldToken = /[<[＜［]/u

/** The same for a text that was scanned for tokens along with other words: three numbers each, kind, from, to. */
export function roleTokensAmong(text: string, met: readonly number[]): RoleToken[] {
  const found: RoleToken[] = []
  for (let i = 0; i < met.length && found.length < roleTokenBounds.tokens; i += 3) {
    const [kind = 0, from = 0, to = 0] = met.slice(i, i + 3)
    if (isWhole(text, from, to)) found.push({ span: [from, to], as: tokenKinds[kind] ?? 'control' })
  }
  if (text.includes(':')) found.push(...turnsIn(text))
  return found
}

// The matcher takes `_`, `-` and white space alike; a template does not.
function isWhole(text: string, from: number, to: number): boolean {
  const token = text.slice(from, to)
  return token.startsWith('<invoke') || !/\s/u.test(token)
}

function turnsIn(text: string): RoleToken[] {
  const turns = turnSpans(text)
  const whos = new Set(
    turns.map(span =>
      text
        .slice(...span)
        .toLowerCase()
        .replaceAll(/[^a-z]/gu, '')
        .replace(/(?:message|prompt|turn)$/u, ''),
    ),
  )
  const isSystem = whos.has('system')
  const isDialogue = (whos.has('assistant') || whos.has('ai')) && (whos.has('human') || whos.has('user'))
  if (!(isSystem && (whos.has('assistant') || whos.has('user') || whos.has('human'))) && !isDialogue) return []
  return turns.map(span => ({ span, as: 'turn' }))
}

/** Looked for line by line, and only where one of their letters follows the marks: a pattern would try at every unit. */
function turnSpans(text: string): Span[] {
  const spans: Span[] = []
  for (let from = 0; from >= 0 && spans.length < roleTokenBounds.tokens; from = text.indexOf('\n', from)) {
    const isLine = text.charCodeAt(from) === newline
    const start = isLine ? from + 1 : from
    let at = start
    while (at - start < turnMarksMax && turnMarks.has(text.charCodeAt(at))) at++
    turn.lastIndex = start
    if (turnLetters.has(text.charCodeAt(at)) && turn.test(text)) spans.push([from, turn.lastIndex])
    from = start
  }
  return spans
}

const newline = 10
const turnMarksMax = 8
