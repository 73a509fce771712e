/**
 * Looks at most once in a turn of the event loop, for what another process may have changed. Nothing that a message
 * depends on is missed: it happened before the message was read, and what is judged in a turn was read before its look.
 */
export function oncePerTurn(look: () => void): () => void {
  let lookedIn = -1
  return () => {
    if (lookedIn === turn) return
    look()
    lookedIn = turn
    if (isEnding) return
    isEnding = true
    // Runs before the loop reads anything more; a timer or an immediate would come after the next socket was read. By way
    // of a microtask, because what was read is judged partly in ticks and partly in promises, which run in between.
    process.nextTick(endAfterPromises)
  }
}

/** All who look share the turn, and what ends it: the first look of a turn does, so that none lasts longer for it. */
let turn = 0
let isEnding = false

function endAfterPromises(): void {
  queueMicrotask(endInTick)
}

function endInTick(): void {
  process.nextTick(end)
}

function end(): void {
  turn += 1
  isEnding = false
}
