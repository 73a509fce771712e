import { isObject } from '../core/json.ts'
import type { Era } from '../core/message.ts'
import type { Envelope } from './envelope.ts'
import { metaKeys } from './header-mirror.ts'

/** Methods that exist in one era only; where a message makes no claim, they tell which it is from. */
const legacyOnly = new Set([
  'initialize',
  'notifications/initialized',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
])
const modernOnly = new Set(['server/discover', 'subscriptions/listen'])

/**
 * The era that a message belongs to: its own claim first, its method second; undefined where it does not tell and the
 * connection's era holds. A handshake that claims the modern era is modern, and will be refused as such.
 */
export function eraOf(envelope: Envelope): Era | undefined {
  if (envelope.kind !== 'request' && envelope.kind !== 'notification') return undefined
  const meta = envelope.params['_meta']
  if (isObject(meta) && Object.hasOwn(meta, metaKeys.version)) return 'modern'
  if (modernOnly.has(envelope.method)) return 'modern'
  return legacyOnly.has(envelope.method) ? 'legacy' : undefined
}
