import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './channel.ts'
import { readReport } from './channel-read.ts'
import type { Desk } from './desk.ts'
import { EgressError, toolPath } from './tool.ts'

export type LinkedRoom = {
  readonly pid: number
  /** Whoever judges for this room from now on. Before there is one, everything in it is refused. */
  seat(desk: Desk): void
  /** Called when the room ended by itself: its server is cut off. */
  onLost(call: (why: string) => void): void
  /** Called when nobody listens in the room for a while, and its server waits. */
  onStill(call: (why: string) => void): void
  close(): void
}

type Room = {
  desk: Desk | undefined
  ready(pid: number): void
  failed(why: string): void
  onLost: (why: string) => void
  onStill: (why: string) => void
}

/** A porter is asked so often whether it hears, and ended when it was silent for so many times in a row. */
export type Pulse = { readonly beatMs: number; readonly beats: number }

const pulseUsual: Pulse = { beatMs: 5000, beats: 6 }
const makeMs = 15_000
const reportsMax = 4096

/** The gateway's end of the porter process. One porter stands in all rooms; a new one is started when it was lost. */
export class PorterLink {
  #child: ChildProcess | undefined
  #rooms = new Map<number, Room>()
  #count = 0
  #busy = 0
  #isClosed = false
  #unheard = 0
  readonly #pulse: Pulse

  constructor(pulse: Pulse = pulseUsual) {
    this.#pulse = pulse
  }

  /** Has a room made; rejects with the reason when this machine cannot. */
  make(): Promise<LinkedRoom> {
    if (this.#isClosed) return Promise.reject(new EgressError('closed', 'the egress is closed'))
    const number = ++this.#count
    const child = this.#start()
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer)
        this.#drop(number)
        reject(new EgressError('room-failed', why))
      }
      const timer = setTimeout(() => fail(`no room after ${makeMs} ms`), makeMs)
      const ready = (pid: number) => {
        clearTimeout(timer)
        resolve({
          pid,
          seat: desk => {
            room.desk = desk
          },
          onLost: call => {
            room.onLost = call
          },
          onStill: call => {
            room.onStill = call
          },
          close: () => this.#drop(number),
        })
      }
      const nothing = () => undefined
      const room: Room = { desk: undefined, ready, failed: fail, onLost: nothing, onStill: nothing }
      this.#rooms.set(number, room)
      this.#tell(child, { do: 'make', room: number })
    })
  }

  /** Ends the porter, and with it every room; resolves when it is gone. */
  async close(): Promise<void> {
    this.#isClosed = true
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
    await gone
    clearTimeout(timer)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  #drop(number: number): void {
    this.#rooms.delete(number)
    if (this.#child !== undefined) this.#tell(this.#child, { do: 'drop', room: number })
  }

  #start(): ChildProcess {
    if (this.#child !== undefined) return this.#child
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const script = fileURLToPath(new URL(`./porter.${extension}`, import.meta.url))
    // No shell, no inherited variable: what stands next to a server must not know the gateway's secrets.
    const child = spawn(toolPath('setpriv'), ['--pdeathsig', 'KILL', '--', process.execPath, script], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      cwd: '/',
    })
    child.on('message', value => void this.#heard(child, readReport(value)))
    child.once('error', () => this.#lost(child))
    child.once('exit', () => this.#lost(child))
    child.unref()
    child.channel?.unref()
    this.#child = child
    this.#unheard = 0
    // Until it has spoken once it is starting, for which there is a limit of its own.
    child.once('message', () => {
      const timer = setInterval(() => this.#beat(child), this.#pulse.beatMs).unref()
      child.once('exit', () => clearInterval(timer))
    })
    return child
  }

  /**
   * A porter that was stopped (SIGSTOP, a debugger) lets nothing through, and nothing ends either: its servers wait without
   * end. It is told to go on, which is said; one that is silent all the same is ended, and with it its rooms.
   */
  #beat(child: ChildProcess): void {
    if (this.#child !== child || this.#rooms.size === 0) return
    if (this.#unheard > 0) child.kill('SIGCONT')
    if (this.#unheard === 1)
      for (const room of this.#rooms.values()) room.onStill('the porter process did not answer, and was told to go on')
    if (this.#unheard >= this.#pulse.beats) child.kill('SIGKILL')
    this.#unheard++
    this.#tell(child, { do: 'beat' })
  }

  #lost(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = undefined
    const rooms = [...this.#rooms.values()]
    this.#rooms.clear()
    for (const room of rooms) {
      room.failed('the porter process ended')
      room.onLost('the porter process ended')
    }
  }

  #tell(child: ChildProcess, order: Order): void {
    if (child.connected) child.send(order, () => undefined)
  }

  async #heard(child: ChildProcess, report: Report | undefined): Promise<void> {
    if (report?.is === 'alive') this.#unheard = 0
    const room = report === undefined ? undefined : this.#rooms.get(report.room)
    if (report === undefined || room === undefined || this.#busy >= reportsMax) return
    this.#busy++
    try {
      await this.#answer(child, report, room)
    } finally {
      this.#busy--
    }
  }

  async #answer(child: ChildProcess, report: Report, room: Room): Promise<void> {
    const { desk } = room
    switch (report.is) {
      case 'alive':
        return undefined
      case 'made':
        return room.ready(report.pid)
      case 'failed':
        this.#rooms.delete(report.room)
        room.failed(report.why)
        return room.onLost(report.why)
      case 'name':
        return this.#tell(child, {
          do: 'answer',
          ask: report.ask,
          answer: (await desk?.name(report.name, report.type)) ?? { kind: 'unknown' },
        })
      case 'dial': {
        const addresses = (await desk?.dial(report.ask, { host: report.address, port: report.port })) ?? []
        return this.#tell(child, { do: 'dial', ask: report.ask, addresses, port: report.port })
      }
      case 'greeting': {
        const isAllowed = (await desk?.greet(report.ask, report.greeting)) ?? false
        return this.#tell(child, { do: 'pass', ask: report.ask, isAllowed })
      }
      case 'carried':
        return desk?.carried(report.ask, report)
      case 'datagram':
        return desk?.datagram({ host: report.address, port: report.port })
      default:
        return report satisfies never
    }
  }
}
