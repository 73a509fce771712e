/**
 * The porter: one process beside the gateway that stands in every room. It holds the rooms' sockets and carries bytes;
 * it knows no rules. When the gateway goes, the channel closes and everything here ends; when it ends itself, nobody
 * listens in the rooms any more and their servers are cut off.
 */
import type { Report } from './channel.ts'
import { readOrder } from './channel-read.ts'
import type { NameAnswer } from './name-question.ts'

import { type Asking, type PorterRoom, standInRoom } from './porter-room.ts'

const answerMs = 15_000

type Waiting = {
  readonly answer?: (answer: NameAnswer) => void
  readonly dial?: (to: { addresses: readonly string[]; port: number }) => void
  readonly pass?: (isAllowed: boolean) => void
}

const rooms = new Map<number, PorterRoom>()
const waiting = new Map<number, Waiting>()
let asks = 0

function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

/** Without an answer in time the answer is no. */
function wait<T>(ask: number, otherwise: T, waiter: (resolve: (value: T) => void) => Waiting): Promise<T> {
  return new Promise(resolve => {
    const settle = (value: T) => {
      clearTimeout(timer)
      waiting.delete(ask)
      resolve(value)
    }
    const timer = setTimeout(() => settle(otherwise), answerMs)
    waiting.set(ask, waiter(settle))
  })
}

function askingFor(room: number): Asking {
  return {
    room,
    tell,
    nextAsk: () => ++asks,
    answerFor: ask => wait<NameAnswer>(ask, { kind: 'unknown' }, answer => ({ answer })),
    dialFor: ask =>
      wait<{ addresses: readonly string[]; port: number }>(ask, { addresses: [], port: 0 }, dial => ({ dial })),
    passFor: ask => wait<boolean>(ask, false, pass => ({ pass })),
  }
}

async function make(room: number): Promise<void> {
  try {
    const made = await standInRoom(askingFor(room))
    rooms.set(room, made)
    made.onLost(() => drop(room, 'the process that held it is gone'))
    tell({ is: 'made', room, pid: made.pid })
  } catch (error) {
    tell({ is: 'failed', room, why: error instanceof Error ? error.message : String(error) })
  }
}

function drop(room: number, why: string): void {
  const here = rooms.get(room)
  if (here === undefined) return
  rooms.delete(room)
  here.close()
  tell({ is: 'failed', room, why })
}

process.on('message', value => {
  const order = readOrder(value)
  switch (order?.do) {
    case 'make':
      return void make(order.room)
    case 'drop':
      return drop(order.room, 'closed')
    case 'beat':
      return tell({ is: 'alive', room: 0 })
    case 'answer':
      return waiting.get(order.ask)?.answer?.(order.answer)
    case 'dial':
      return waiting.get(order.ask)?.dial?.(order)
    case 'pass':
      return waiting.get(order.ask)?.pass?.(order.isAllowed)
    default:
      return undefined
  }
})
// A signal meant for the gateway's terminal must not cut servers off before the gateway has ended them.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)
process.once('disconnect', () => process.exit(0))
