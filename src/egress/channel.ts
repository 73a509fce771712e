import type { Greeting } from './greeting.ts'
import type { NameAnswer } from './name-question.ts'

/** What the gateway tells its porter, the process that stands in the rooms. `ask` is the number that a report came with. */
export type Order =
  | { readonly do: 'make'; readonly room: number }
  | { readonly do: 'drop'; readonly room: number }
  | { readonly do: 'answer'; readonly ask: number; readonly answer: NameAnswer }
  | { readonly do: 'dial'; readonly ask: number; readonly addresses: readonly string[]; readonly port: number }
  | { readonly do: 'pass'; readonly ask: number; readonly isAllowed: boolean }
  | { readonly do: 'beat' }

/** What the porter tells the gateway. It decides nothing: without an answer nothing passes. */
export type Report =
  | { readonly is: 'made'; readonly room: number; readonly pid: number }
  | { readonly is: 'failed'; readonly room: number; readonly why: string }
  | { readonly is: 'name'; readonly room: number; readonly ask: number; readonly name: string; readonly type: number }
  | {
      readonly is: 'dial'
      readonly room: number
      readonly ask: number
      readonly address: string
      readonly port: number
    }
  | { readonly is: 'greeting'; readonly room: number; readonly ask: number; readonly greeting: Greeting }
  | ({ readonly is: 'carried'; readonly room: number; readonly ask: number } & Carried)
  /** The answer to a beat: it runs, and hears. */
  | { readonly is: 'alive'; readonly room: 0 }
  | { readonly is: 'datagram'; readonly room: number; readonly address: string; readonly port: number }

/** Bytes since the last report of the same dial. */
export type Carried = {
  readonly up: number
  readonly down: number
  /** Set on the last report: how it ended. */
  readonly ended?: 'closed' | 'unreachable' | 'refused' | 'broken'
}
