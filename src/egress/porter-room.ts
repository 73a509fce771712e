import { createServer, type Server, type Socket } from 'node:net'
import type { Report } from './channel.ts'
import { plainHost } from './host-rule.ts'
import { type NameAnswer, readQuestion, writeAnswer } from './name-question.ts'
import { type HeldRoom, holdRoom } from './room-holder.ts'
import { dialledPort } from './room-rules.ts'
import { carryDial, type Doorkeeper } from './tunnel.ts'

/** How a room asks the gateway; the porter gives each question its number and finds the answer again. */
export type Asking = {
  readonly room: number
  tell(report: Report): void
  nextAsk(): number
  answerFor(ask: number): Promise<NameAnswer>
  dialFor(ask: number): Promise<{ readonly addresses: readonly string[]; readonly port: number }>
  passFor(ask: number): Promise<boolean>
}

export type PorterRoom = { readonly pid: number; onLost(call: () => void): void; close(): void }

const most = { dials: 256, questions: 64 } as const
const bellMs = 100

/** Stands in a room: answers its names, takes its dials, and passes on nothing that the gateway has not allowed. */
export async function standInRoom(asking: Asking): Promise<PorterRoom> {
  const held = await holdRoom()
  const open = new Set<Socket>()
  const doors = held.listeners.map(listener => takeDials(listener, open, asking))
  answerNames(held, asking)
  const bell = heedBell(held, asking)
  const close = () => {
    clearTimeout(bell.timer)
    for (const door of doors) door.close()
    held.close()
    for (const socket of open) socket.destroy()
  }
  return { pid: held.pid, onLost: call => held.onLost(call), close }
}

function takeDials(listener: Server, open: Set<Socket>, asking: Asking): Server {
  // The client's end must not close the other direction: it may have said all and wait for the answer.
  const door = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, client => {
    const address = plainHost(client.localAddress ?? '')
    const port = dialledPort(client.localPort ?? 0, client.remoteAddress ?? '')
    if (address === undefined || port === undefined || open.size >= most.dials) return void client.resetAndDestroy()
    open.add(client)
    client.once('close', () => open.delete(client))
    void carryDial(client, keeperOf(asking, address, port))
  })
  return door.listen(listener)
}

function keeperOf(asking: Asking, address: string, port: number): Doorkeeper {
  const { room } = asking
  const ask = asking.nextAsk()
  return {
    dial: () => {
      asking.tell({ is: 'dial', room, ask, address, port })
      return asking.dialFor(ask)
    },
    greet: greeting => {
      asking.tell({ is: 'greeting', room, ask, greeting })
      return asking.passFor(ask)
    },
    carried: report => asking.tell({ is: 'carried', room, ask, ...report }),
  }
}

function answerNames(held: HeldRoom, asking: Asking): void {
  let open = 0
  for (const socket of held.names) {
    socket.on('error', () => undefined)
    socket.on('message', (message, from) => {
      const question = readQuestion(message)
      if (question === undefined || open >= most.questions) return
      const ask = asking.nextAsk()
      open++
      asking.tell({ is: 'name', room: asking.room, ask, name: question.name, type: question.type })
      void asking.answerFor(ask).then(answer => {
        open--
        socket.send(writeAnswer(question, answer), from.port, from.address, () => undefined)
      })
    })
  }
}

/** A datagram that is not a question only rings; where it was meant to go is read from the kernel's own table. */
function heedBell(held: HeldRoom, asking: Asking): { timer: NodeJS.Timeout | undefined } {
  const bell: { timer: NodeJS.Timeout | undefined } = { timer: undefined }
  const told = new Map<string, number>()
  const look = async () => {
    const seen = await held.seenDatagrams().catch(() => [])
    bell.timer = undefined
    const keys = seen.map(({ address, port }) => `${address} ${port}`)
    for (const key of told.keys()) if (!keys.includes(key)) told.delete(key)
    for (const [i, { address, port }] of seen.entries()) {
      const key = keys[i] ?? ''
      if (told.has(key)) continue
      told.set(key, port)
      asking.tell({ is: 'datagram', room: asking.room, address: plainHost(address) ?? address, port })
    }
  }
  for (const socket of held.bells) {
    socket.on('error', () => undefined)
    socket.on('message', () => {
      bell.timer ??= setTimeout(() => void look(), bellMs)
    })
  }
  return bell
}
