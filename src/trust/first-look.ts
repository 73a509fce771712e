import type { PinPart } from '../core/pin.ts'
import { hasApproved } from './pin-near-miss.ts'
import type { ServerPins } from './pin-record.ts'

/** The first look at these parts is over: what shows up there from now on is new. */
export function withSettled(pins: ServerPins, parts: readonly PinPart[]): ServerPins {
  const more = parts.filter(part => !pins.settled.includes(part))
  return more.length === 0 ? pins : { ...pins, settled: [...pins.settled, ...more] }
}

/** The first look ends with the first use, so that a list without end does not keep it open. */
export function settle(pins: ServerPins, used: PinPart): ServerPins {
  const parts = used === 'tools' ? (['tools', 'prompts', 'templates'] as const) : [used]
  return withSettled(
    pins,
    parts.filter(part => pins.pages[part] !== undefined),
  )
}

/**
 * Another version runs behind the same identity. What was approved stays comparable, and a change in it waits as ever; but
 * what nobody has looked at yet was part of the version that was taken on, so that the new one gets no first look.
 */
export function arrive(pins: ServerPins, { is, atMs }: { is: string | undefined; atMs: number }): ServerPins {
  const was = pins.artefact?.is
  if (is === undefined || is === was) return pins
  if (was === undefined) return { ...pins, artefact: { is, sinceMs: atMs } }
  const after = { ...pins, artefact: { is, sinceMs: atMs, was } }
  return hasApproved(pins.items) ? withSettled(after, ['tools', 'prompts', 'templates', 'apps']) : after
}
