import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import type { Span } from '../text/view.ts'

/** A larger model that reads along. It only ever adds findings: what it does not see is judged by everything else. */
export type ModelSeat = {
  /** Undefined where the message is none that it is asked about. */
  ask(message: Message, scene: Scene, findings: readonly Finding[]): Promise<readonly Finding[]> | undefined
  close(): Promise<void>
}

/** Whoever sits there: it reads a text and says how much it looks like an attack. */
export type ModelReader = {
  /** Never throws, and never takes longer than the deadline it was made with. */
  read(text: string): Promise<ModelAnswer>
  close(): Promise<void>
}

export type ModelAnswer = {
  /** From 0 to 1; left out where nothing was read. */
  readonly score?: number
  /** The words that gave it away, where it quotes them. */
  readonly quote?: string
  /** Where they stand in the text, where it knows. The first is the worst. */
  readonly spans?: readonly Span[]
  /** Why there is no answer, or none about all of the text. */
  readonly silent?: string
  /** Characters that it has not read. */
  readonly left?: number
}

/** Whether a model may ever be asked about such a message: texts that a server gives to a model. */
export function isForModel({ from, body }: Message): boolean {
  return from === 'server' && ['tool.result', 'resource.content', 'prompt.result', 'server.surface'].includes(body.kind)
}
