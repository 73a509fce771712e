/** UTF-16 offsets, end exclusive. */
export type Span = readonly [from: number, to: number]

/** How a view was made out of its parent, in words for people. */
export type Channel = 'folded' | 'escapes' | 'markup' | 'encoded' | 'rot13' | 'reversed' | 'letters' | 'joined'

/**
 * A text as a model could read it. Pieces say where each part came from: a copied piece maps unit by unit, any other
 * as a whole, so that a span of a view always leads to the span of the original that has to be cut.
 */
export type View = {
  readonly text: string
  readonly channel?: Channel
  readonly parent?: View
  readonly pieces?: Pieces
}

type Pieces = {
  readonly at: readonly number[]
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** 1: copied unit by unit; -1: copied from the end; 0: replaced as a whole. */
  readonly step: readonly Step[]
}
type Step = 1 | 0 | -1

/** Where a span of a view stands in the original text. */
export function originOf(view: View, span: Span): Span {
  let here: View = view
  let [from, to] = span
  while (here.parent !== undefined && here.pieces !== undefined) {
    ;[from, to] = stepBack(here.pieces, from, Math.max(to, from + 1))
    here = here.parent
  }
  return [from, to]
}

/** The channels between a view and the original, outermost first. */
export function channelsOf(view: View): readonly Channel[] {
  const out: Channel[] = []
  for (let here: View | undefined = view; here !== undefined; here = here.parent)
    if (here.channel !== undefined) out.unshift(here.channel)
  return out
}

function stepBack(pieces: Pieces, from: number, to: number): [number, number] {
  let low = Number.MAX_SAFE_INTEGER
  let high = 0
  for (let i = pieceAt(pieces, from); i < pieces.at.length && (pieces.at[i] ?? 0) < to; i++) {
    const [at = 0, start = 0, end = 0] = [pieces.at[i], pieces.from[i], pieces.to[i]]
    const [skipped, used] = [Math.max(0, from - at), to - at]
    const step = pieces.step[i]
    low = Math.min(low, step === 1 ? start + skipped : step === 0 ? start : Math.max(start, end - used))
    high = Math.max(high, step === 1 ? Math.min(end, start + used) : step === 0 ? end : end - skipped)
  }
  return low > high ? [0, 0] : [low, high]
}

function pieceAt(pieces: Pieces, offset: number): number {
  let low = 0
  let high = pieces.at.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((pieces.at[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** Writes a view from left to right: parts copied, parts replaced, parts left out. */
export type Rewriter = {
  copy(from: number, to: number): void
  /** A part read from its end. */
  mirror(from: number, to: number): void
  put(text: string, from: number, to: number): void
  /** Undefined when nothing was changed. */
  done(channel: Channel): View | undefined
}

/** What is copied is noted as a piece and cut from the source once, however many parts it was copied in. */
export function rewriterOf(parent: View): Rewriter {
  const source = parent.text
  const [at, from, to, step]: [number[], number[], number[], Step[]] = [[], [], [], []]
  const written: string[] = []
  let length = 0
  let copiedTo = -1
  const add = (text: string, begin: number, end: number): void => {
    written.push(text)
    at.push(length)
    from.push(begin)
    to.push(end)
    copiedTo = -1
    length += text.length
  }
  return {
    copy(begin, wanted) {
      const end = Math.min(wanted, source.length)
      if (end <= begin) return
      if (copiedTo === begin) to[to.length - 1] = end
      else {
        at.push(length)
        from.push(begin)
        to.push(end)
        step.push(1)
      }
      copiedTo = end
      length += end - begin
    },
    mirror(begin, end) {
      if (end <= begin) return
      step.push(-1)
      add([...source.slice(begin, end)].reverse().join(''), begin, end)
    },
    put(text, begin, end) {
      if (text === '') return
      step.push(0)
      add(text, begin, end)
    },
    done(channel) {
      const isSame = at.length === 1 && step[0] === 1 && length === source.length
      if (isSame || (length === 0 && source.length === 0)) return undefined
      let next = 0
      const chunks = step.map((each, i) => (each === 1 ? source.slice(from[i], to[i]) : (written[next++] ?? '')))
      return { text: chunks.join(''), channel, parent, pieces: { at, from, to, step } }
    },
  }
}
