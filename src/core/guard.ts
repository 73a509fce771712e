import type { ServerName } from './brand.ts'
import type { Tool } from './capability.ts'
import type { Finding } from './finding.ts'
import type { Json, JsonPointer } from './json.ts'
import type { Kind, Message } from './message.ts'
import type { Options, ValuesOf } from './option.ts'
import type { PinMark } from './pin.ts'
import type { Session } from './session.ts'

/** What a guard may know beside the message: plain data, the same when a session is replayed. */
export type Scene = {
  readonly session: Session
  /** The tool that the message is about, as last listed; undefined when its server never listed it. */
  readonly tool?: Tool
  /** Every tool that the session could call, by server. */
  readonly tools: ReadonlyMap<ServerName, readonly Tool[]>
  /** What is configured of the message's server. */
  readonly server: ServerTraits
  /** What guards remember beyond one session, one value per `<guard>/<key>`; its holder bounds it, oldest out first. */
  readonly shared?: ReadonlyMap<string, Json>
  /** The message asks after a task that another principal started. */
  readonly isForeignTask?: true
  /** What of this message was not approved of its server; undefined where nothing is pinned. */
  readonly pins?: readonly PinMark[]
  /** The placeholders of masked values that this message holds. */
  readonly masks?: readonly MaskMark[]
}

/** A placeholder, and the rule that found what it stands for; without a rule it stands for nothing that is known. */
export type MaskMark = {
  readonly at: JsonPointer
  readonly span?: readonly [from: number, to: number]
  readonly rule?: string
}

export type ServerTraits = {
  /** Tool name patterns (`read_*`) that may be listed and called; undefined means all. */
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
  /** Who can write into what this server reads. Mail, issues, web and chat: anyone. */
  readonly writers: 'owner' | 'anyone' | 'unknown'
  /** False where answers of a server that anyone writes into shall not be marked as data. */
  readonly framing?: boolean
}

type About<Id extends string, K extends Kind, O extends Options> = {
  readonly id: Id
  /** One line for the docs table and the console. */
  readonly title: string
  /** Lines of the guide that this guard answers: `T1.filter`. */
  readonly threats: readonly string[]
  readonly reads: readonly K[]
  readonly options: O
  /** Reads all the text and remembers nothing: on long messages it may run off the main thread. */
  readonly isHeavy?: boolean
  /** For whoever is refused because of it: why it matters, and how a person undoes it where it is wrong. */
  readonly lesson?: Lesson
  /** What makes it unable to judge with these options: a pattern that does not compile, a rule set that is empty. */
  faults?(options: ValuesOf<O>): readonly GuardFault[]
}

/** Two sentences each, at most. */
export type Lesson = { readonly why: string; readonly undo: string }

/** Where inside a guard's options something is wrong, and what; it stops the start. */
export type GuardFault = { readonly path: readonly string[]; readonly text: string }

export type Context<O extends Options, M extends Json = Json> = {
  readonly options: ValuesOf<O>
  readonly scene: Scene
  readonly memory: M
}

/** A guard without memory: a message in, findings out. */
export function guard<const Id extends string, const K extends Kind, const O extends Options>(
  g: About<Id, K, O> & { inspect(message: Message<K>, context: Context<O, null>): readonly Finding[] },
): Guard<Id, O> {
  const inspect = (message: Message, context: Context<O>): Outcome => ({
    findings: g.inspect(message as unknown as Message<K>, { ...context, memory: null }),
    memory: null,
  })
  return { ...g, start: null, inspect }
}

/** A guard with memory: a fold over the session, so that a recorded session replays to the same findings. */
export function guardWithMemory<const Id extends string, const K extends Kind, const O extends Options, M extends Json>(
  g: About<Id, K, O> & {
    readonly start: M
    inspect(message: Message<K>, context: Context<O, M>): Outcome<M>
  },
): Guard<Id, O> {
  const inspect = (message: Message, context: Context<O>): Outcome =>
    g.inspect(message as unknown as Message<K>, context as Context<O, M>)
  return { ...g, inspect }
}

export type Outcome<M extends Json = Json> = {
  readonly findings: readonly Finding[]
  readonly memory: M
  /** Values to keep beyond the session, by key; the pipeline puts the guard's id before each. */
  readonly shared?: Readonly<Record<string, Json>>
}

/** What the registry holds and the pipeline runs. Only the pipeline may call it: it hands over the kinds it reads. */
export type Guard<Id extends string = string, O extends Options = Options> = About<Id, Kind, O> & {
  readonly start: Json
  inspect(message: Message, context: Context<O>): Outcome
}
