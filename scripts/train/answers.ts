import { composeAttacks, composeHarmless, finished } from './compose.ts'
import { type Doc, readLocal, readSets, shareOf } from './corpus.ts'
import type { Side } from './templates.ts'

export type AnswersChoice = {
  readonly corpora: string | undefined
  readonly seed: number
  readonly side: Side
  readonly fold: number
  /** Of what the grammar alone makes, and little of that. */
  readonly isSlice: boolean
}

export type Answers = {
  readonly train: readonly Doc[]
  readonly composed: readonly Doc[]
  readonly kept: readonly Doc[]
}

/** The answers that both models of answers learn from, and those of the sets that never train. */
export function answersOf({ corpora, seed, side, fold, isSlice }: AnswersChoice): Answers {
  const given: Doc[] = corpora === undefined ? [] : [...readSets(corpora), ...(isSlice ? [] : readLocal())]
  // A quarter of the documents never trains: operating points are set on them.
  const isKept = (doc: Doc) => shareOf(doc.id) < 25
  // What servers say of their tools is the other model's.
  const train = given.filter(doc => !isKept(doc) && doc.kind === 'response')
  const hosts = train.filter(doc => doc.label === 0 && doc.text.length > 300).map(doc => doc.text)
  // More orders to an agent than requests between people: with more of these the model unlearns to hear orders at all.
  const [attacks, talks] = isSlice ? [300, 300] : [24_000, 20_000]
  const composed = [
    ...composeAttacks({ count: attacks, seed: seed + 1, side, fold, hosts }),
    ...composeHarmless({ count: talks, seed: seed + 2, side, fold, hosts }),
  ].map(finished)
  return { train, composed, kept: given.filter(isKept) }
}

/** Answers in wordings that a side without a fold never saw. */
export function unseenAnswers(seed: number, fold: number): readonly Doc[] {
  const unseen = { seed: seed + 4, side: 'unseen', fold, hosts: [], count: 2000 } as const
  return [...composeAttacks(unseen), ...composeHarmless(unseen)].map(finished)
}
