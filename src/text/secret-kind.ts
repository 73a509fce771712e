/** A kind of credential that its own text gives away. */
export type SecretKind = {
  /** Stable, part of rule ids: `secrets/github-token`. */
  readonly kind: string
  /** Words in lower case, one of which stands in every credential of the kind; only around them is it looked for. */
  readonly words: string
  /** The credential. No open-ended run: a text of nothing but prefixes must not cost quadratic time. */
  readonly shape: RegExp
  /** How many characters of the credential stand before the word. */
  readonly before?: number
  /** How many more digits may stand before those. */
  readonly digitsBefore?: number
}

/** A maker whose keys have no mark of their own, and are told by the name that they are stored under. */
export type SecretMaker = {
  readonly kind: string
  /** Part of the name, in lower case and without separators. */
  readonly names: string
  readonly value: RegExp
}
