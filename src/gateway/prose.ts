import type { Json } from '../core/json.ts'

/**
 * Whether a text of this media type is read by a model or a person rather than taken apart by a program: no type at all,
 * and `text/*` without the kinds that have a grammar. JSON, XML, SVG and programs would no longer parse with marks inside.
 */
export function isProse(mimeType: Json | undefined): boolean {
  if (typeof mimeType !== 'string') return true
  const bare = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (bare === '') return true
  return bare.startsWith('text/') && !parsed.has(bare.slice(5)) && !/[+](?:json|xml|yaml)$/u.test(bare)
}

const parsed = new Set(
  'calendar css csv ecmascript event-stream javascript json tab-separated-values typescript uri-list vcard xml yaml'.split(
    ' ',
  ),
)
