import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionId } from '../src/core/brand.ts'
import { isObject, type JsonObject } from '../src/core/json.ts'
import type { Body } from '../src/core/message.ts'
import type { PinPort, PinSubject, Trust } from '../src/core/pin.ts'
import { openPinStore } from '../src/trust/pin-store.ts'
import { messageOf, server } from './situation.ts'

/** A pin store in a folder of its own, driven by lists and calls; `open` is the same folder after a restart. */
export function openPins(trust: Trust = 'scan') {
  const folder = mkdtempSync(join(tmpdir(), 'pins-'))
  const subject: PinSubject = { server, identity: 'files package:files', trust }
  const open = () => drivePins(openPinStore({ folder }), subject)
  return { ...open(), folder, subject, open, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** Shows lists to a pin store and calls tools by it; says which names are marked, and how. */
export function drivePins(port: PinPort, subject: PinSubject) {
  const marked = (body: Body, session = 's1', rest: JsonObject = {}) => {
    const plain = messageOf(body, { session: session as SessionId })
    const message = { ...plain, payload: { ...(isObject(plain.payload) ? plain.payload : {}), ...rest } }
    const marks = port.look(subject, message)
    port.keep(subject, message, [])
    return marks
  }
  const send = (body: Body, session?: string, rest?: JsonObject) =>
    marked(body, session, rest).map(({ name, standing }) => `${name} ${standing}`)
  return {
    list: (items: readonly JsonObject[], session?: string) =>
      send({ kind: 'server.surface', part: 'tools', items }, session),
    call: (tool: string, session?: string) => send({ kind: 'tool.call', tool, args: {} }, session),
    send,
    marked,
  }
}
