/**
 * Looks at most once in a turn of the event loop, for what another process may have changed. Nothing that a message
 * depends on is missed: it happened before the message was read, and what is judged in a turn was read before its look.
 */
export function oncePerTurn(look: () => void): () => void {
  let hasLooked = false
  const forget = (): void => {
    hasLooked = false
  }
  const forgetAfterPromises = (): void => queueMicrotask(() => process.nextTick(forget))
  return () => {
    if (hasLooked) return
    look()
    hasLooked = true
    // Runs before the loop reads anything more; a timer or an immediate would come after the next socket was read. By way
    // of a microtask, because what was read is judged partly in ticks and partly in promises, which run in between.
    process.nextTick(forgetAfterPromises)
  }
}
