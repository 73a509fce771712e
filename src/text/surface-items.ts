import type { JsonObject, JsonPointer } from '../core/json.ts'
import type { Message, SurfacePart } from '../core/message.ts'

/** One thing that a server offers and where it stands; `isListed` when it can be taken out of the list. */
export type SurfaceItem = { readonly at: JsonPointer; readonly item: JsonObject; readonly isListed: boolean }

const lists: Readonly<Record<SurfacePart, string | undefined>> = {
  server: undefined,
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  templates: 'resourceTemplates',
}

/** Each item of what a server offers, with its pointer. */
export function surfaceItems({ root, body }: Message<'server.surface'>): readonly SurfaceItem[] {
  const list = lists[body.part]
  if (list === undefined) return body.items.map(item => ({ at: root, item, isListed: false }))
  return body.items.map((item, i) => ({ at: `${root}/${list}/${i}`, item, isListed: true }))
}
