import { isObject, type Json } from '../core/json.ts'

/**
 * A number for a JSON value, the same whatever the order of an object's members. Quick, not cryptographic: it tells
 * repeated calls from new ones and must decide nothing where someone gains by a collision.
 */
export function jsonHash(value: Json | undefined): number {
  return hash(value, 0)
}

/** What lies deeper counts as the same. */
const depthMax = 64
/** Of a longer string both ends and its length count. */
const charsMax = 16_384

function hash(value: Json | undefined, depth: number): number {
  if (depth > depthMax) return 1
  if (typeof value === 'string') return ofText(value, 3)
  if (value === null || typeof value !== 'object') return ofText(String(value), 5)
  if (!isObject(value)) {
    let sum = 7
    for (const item of value) sum = mix(sum, hash(item, depth + 1))
    return sum
  }
  let sum = 11
  // Added up, so that order cannot matter.
  for (const key of Object.keys(value)) sum = (sum + mix(ofText(key, 13), hash(value[key], depth + 1))) | 0
  return mix(sum, 17)
}

function ofText(text: string, seed: number): number {
  if (text.length > charsMax)
    return mix(ofText(text.slice(0, charsMax / 2) + text.slice(-charsMax / 2), seed), text.length)
  let sum = seed
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return mix(sum, text.length)
}

function mix(a: number, b: number): number {
  const x = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b)
  return Math.imul(x ^ (x >>> 13), 0xc2b2ae35) ^ (x >>> 16)
}
