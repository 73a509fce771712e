import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'

/** A larger model that reads along. It only ever adds findings: what it does not see is judged by everything else. */
export type ModelSeat = {
  /** Undefined where the message is none that it is asked about. */
  ask(message: Message, scene: Scene, findings: readonly Finding[]): Promise<readonly Finding[]> | undefined
  close(): Promise<void>
}

/** Whether a model may ever be asked about such a message: texts that a server gives to a model. */
export function isForModel({ from, body }: Message): boolean {
  return from === 'server' && ['tool.result', 'resource.content', 'prompt.result', 'server.surface'].includes(body.kind)
}
