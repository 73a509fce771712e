import type { Confidence, Severity } from '../../core/finding.ts'

/** What a text that matches wants to bring about. */
export type Intent =
  | 'override'
  | 'secrecy'
  | 'orders'
  | 'exfiltration'
  | 'credentials'
  | 'authority'
  | 'memory'
  | 'settings'
  | 'persistence'
  | 'download'
  | 'tools'
  | 'preference'
  | 'persona'

/** A rule as data: words of certain concepts, one soon after the other. */
export type Rule = {
  readonly id: string
  readonly intent: Intent
  /** One sentence for people: what the text does. */
  readonly says: string
  readonly severity: Severity
  readonly confidence: Confidence
  /** Concepts in the order they must come; more than one order where languages differ. */
  readonly orders: readonly string[]
  /** At most so many characters between one concept and the next. */
  readonly gap: number
  /** Found only where no sentence ends between the concepts. */
  readonly isOneSentence?: true
  /** Descriptions speak of tools and of being used; some rules mean something only there, some only elsewhere. */
  readonly only?: 'description' | 'response'
  readonly standards: readonly string[]
  /** Language → a sentence that must be found. */
  readonly attacks: Readonly<Record<string, string>>
  /** A harmless sentence that comes near and must not be found. */
  readonly lookalikes: readonly string[]
}
