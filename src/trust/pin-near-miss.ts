import type { JsonObject } from '../core/json.ts'
import type { Standing } from '../core/pin.ts'
import { skeletonOf } from './name-skeleton.ts'
import type { Pin } from './pin-record.ts'
import { canonical } from './surface-hash.ts'
import type { SurfaceItem } from './surface-item.ts'

/** The approved item that a new one passes for: the same body under another name, or a name that looks the same. */
export function resembled(
  items: ReadonlyMap<string, Pin>,
  { part, name, item }: SurfaceItem,
): { readonly standing: Standing; readonly was: string } | undefined {
  const { byLook, byBody } = indexOf(items)
  const twin = byLook.get(`${part}/${skeletonOf(name)}`)
  if (twin !== undefined && twin !== name) return { standing: 'lookalike', was: twin }
  const body = bodyOf(item)
  const origin = body === undefined ? undefined : byBody().get(`${part}/${body}`)
  return origin === undefined || origin === name ? undefined : { standing: 'renamed', was: origin }
}

/** Whether anything was ever accepted here. */
export function hasApproved(items: ReadonlyMap<string, Pin>): boolean {
  for (const { approved } of items.values()) if (approved !== undefined) return true
  return false
}

type Index = { readonly byLook: ReadonlyMap<string, string>; byBody(): ReadonlyMap<string, string> }

// A map of pins is never changed once it is made, so that its index stays true.
const indexes = new WeakMap<ReadonlyMap<string, Pin>, Index>()

function indexOf(items: ReadonlyMap<string, Pin>): Index {
  const known = indexes.get(items)
  if (known !== undefined) return known
  let byBody: ReadonlyMap<string, string> | undefined
  const index: Index = {
    byLook: indexBy(items, (_, name) => skeletonOf(name)),
    byBody() {
      byBody ??= indexBy(items, item => (item === undefined ? undefined : bodyOf(item)))
      return byBody
    },
  }
  indexes.set(items, index)
  return index
}

type Trait = (item: JsonObject | undefined, name: string) => string | undefined

function indexBy(items: ReadonlyMap<string, Pin>, trait: Trait): Map<string, string> {
  const index = new Map<string, string>()
  for (const [key, { approved }] of items) {
    if (approved === undefined) continue
    const slash = key.indexOf('/')
    const name = key.slice(slash + 1)
    const value = trait(approved.item, name)
    if (value !== undefined) index.set(`${key.slice(0, slash)}/${value}`, name)
  }
  return index
}

/** A description shorter than this is shared by chance. */
const bodyCharsMin = 40

function bodyOf({ name: _, title: __, ...body }: JsonObject): string | undefined {
  const isTelling = typeof body['description'] === 'string' && body['description'].length >= bodyCharsMin
  return isTelling ? canonical(body) : undefined
}
