import type { Edit, Finding } from './finding.ts'

/** What happens to a message. A join: the strictest wins, order cannot matter, one more finding never loosens. */
export type Verdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'rewrite'; readonly edits: readonly Edit[] }
  | { readonly kind: 'ask'; readonly edits: readonly Edit[] }
  | { readonly kind: 'block' }

export type VerdictKind = Verdict['kind']

/** What policy decided and why: what audit stores and `explain` prints. */
export type Decision = {
  readonly verdict: Verdict
  /** One entry per rule that spoke, strictest first. */
  readonly because: readonly Reason[]
  readonly findings: readonly Finding[]
  /** Findings that a rule set aside by name: recorded, but neither judged nor a source of labels. */
  readonly waived?: readonly Finding[]
  /** What is done to an answer besides its edits; a set, so that their order cannot matter either. */
  readonly treatments?: readonly Treatment[]
  /** Edits of the verdict that shall leave a placeholder whose value can come back, with the rule that found it. */
  readonly masks?: readonly Mask[]
  /** Rules of guards (`secrets/*`) whose placeholders turn back into values in this request. */
  readonly unmask?: readonly string[]
  /** In `observe` mode the verdict is loosened to what was enforced; this is what it would have been. */
  readonly wouldBe?: VerdictKind
}

/** annotate tells what was found, frame marks the texts as data, withhold keeps the answer back until a person releases it. */
export const treatments = ['annotate', 'frame', 'withhold'] as const
export type Treatment = (typeof treatments)[number]

export type Mask = { readonly edit: Edit; readonly rule: string }

export type Reason = {
  /** `policy:<rule name>`, `guard:<rule id>` or `invariant:<name>`. */
  readonly rule: string
  readonly then: VerdictKind
  /** One sentence for people. */
  readonly text: string
}

const rank = { allow: 0, rewrite: 1, ask: 2, block: 3 } as const

/** The stricter of two verdicts: commutative, associative, idempotent. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return strictest([a, b])
}

/** The join of any number of verdicts in one go; of none it is `allow`. */
export function strictest(verdicts: readonly Verdict[]): Verdict {
  const kind = verdicts.reduce<VerdictKind>((most, { kind }) => (isStricter(kind, most) ? kind : most), 'allow')
  switch (kind) {
    case 'allow':
    case 'block':
      return { kind }
    case 'rewrite':
    case 'ask':
      return { kind, edits: union(verdicts.flatMap(editsOf)) }
    default:
      return kind satisfies never
  }
}

export function isStricter(a: VerdictKind, b: VerdictKind): boolean {
  return rank[a] > rank[b]
}

function editsOf(verdict: Verdict): readonly Edit[] {
  return 'edits' in verdict ? verdict.edits : []
}

function union(edits: readonly Edit[]): Edit[] {
  const byPlace = new Map(edits.map(edit => [JSON.stringify(edit), edit]))
  return [...byPlace].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, edit]) => edit)
}
