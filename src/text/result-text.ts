import type { Edit } from '../core/finding.ts'
import { isObject, type Json, type JsonPointer } from '../core/json.ts'
import type { Message } from '../core/message.ts'

/** One text that an answer puts before a model as prose, and the item of the answer that bears it. */
export type ResultText = { readonly item: JsonPointer; readonly at: JsonPointer; readonly text: string }

/** The texts of a tool's, a resource's or a prompt's answer in order; empty for all other messages. */
export function resultTexts(message: Message): readonly ResultText[] {
  const textsOf = message.body.kind === 'prompt.result' ? textsOfMessage : textOfItem
  return itemsIn(message).flatMap(textsOf)
}

/** Where the items of a tool's, a resource's or a prompt's answer stand. */
export function resultItems(message: Message): readonly JsonPointer[] {
  return itemsIn(message).map(({ at }) => at)
}

function itemsIn({ body, root }: Message): Item[] {
  switch (body.kind) {
    case 'tool.result':
      return itemsOf(body.result['content'], `${root}/content`)
    case 'resource.content':
      return itemsOf(body.result['contents'], `${root}/contents`)
    case 'prompt.result':
      return itemsOf(body.result['messages'], `${root}/messages`)
    default:
      return []
  }
}

type Item = { readonly value: Json; readonly at: JsonPointer }

function itemsOf(list: Json | undefined, at: JsonPointer): Item[] {
  return Array.isArray(list) ? list.map((value, i) => ({ value, at: `${at}/${i}` })) : []
}

function textOfItem({ value, at }: Item): ResultText[] {
  if (!isObject(value)) return []
  const resource = value['resource']
  if (isObject(resource) && typeof resource['text'] === 'string')
    return [{ item: at, at: `${at}/resource/text`, text: resource['text'] }]
  return typeof value['text'] === 'string' ? [{ item: at, at: `${at}/text`, text: value['text'] }] : []
}

function textsOfMessage({ value, at }: Item): ResultText[] {
  if (!isObject(value)) return []
  const content = value['content']
  if (Array.isArray(content)) return itemsOf(content, `${at}/content`).flatMap(textOfItem)
  return content === undefined
    ? []
    : textOfItem({ value: content, at: `${at}/content` }).map(text => ({ ...text, item: at }))
}

export type Truncation = { readonly edits: readonly Edit[]; readonly total: number; readonly kept: number }

/** What cuts texts down to so many characters in all, with a notice where the cut is; undefined when they fit. */
export function truncate(texts: readonly ResultText[], charsMax: number): Truncation | undefined {
  const total = texts.reduce((sum, { text }) => sum + text.length, 0)
  if (total <= charsMax) return undefined
  const edits: Edit[] = []
  let left = charsMax
  let isCut = false
  for (const { item, at, text } of texts) {
    if (!isCut && text.length > left) {
      const from = wholeTo(text, left)
      edits.push({ at, from, to: text.length, put: notice(charsMax - left + from, total) })
      isCut = true
    } else if (isCut) edits.push({ at: item, remove: true })
    else left -= text.length
  }
  return { edits, total, kept: charsMax }
}

// Half a surrogate pair is not text: strict readers would refuse the whole answer for it.
function wholeTo(text: string, to: number): number {
  const last = text.charCodeAt(to - 1)
  return last >= 0xd800 && last < 0xdc00 ? to - 1 : to
}

function notice(kept: number, total: number): string {
  const advice = 'Ask for less at a time (a filter, a range, a page) to read the rest.'
  return `\n[Sallyport kept ${kept} of ${total} characters of this answer. ${advice}]`
}
