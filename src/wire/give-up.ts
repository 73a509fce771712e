/** A way to give one call up; it can be used once. */
export type GiveUp = {
  readonly isGivenUp: () => boolean
  /** For those who know nothing but signals. */
  readonly signal: () => AbortSignal
  now(): void
  /** What is done when it happens, or at once where it has; the last that was named. */
  onGivenUp(act: () => void): void
}

/** Each call has one and hardly any uses it: the machinery of an AbortController is only made for who asks for a signal. */
export function newGiveUp(): GiveUp {
  let isOver = false
  let act: (() => void) | undefined
  let controller: AbortController | undefined
  return {
    isGivenUp: () => isOver,
    signal() {
      controller ??= new AbortController()
      if (isOver) controller.abort()
      return controller.signal
    },
    now() {
      if (isOver) return
      isOver = true
      controller?.abort()
      act?.()
    },
    onGivenUp(next) {
      if (isOver) next()
      else act = next
    },
  }
}
