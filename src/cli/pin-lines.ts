import { isObject, type JsonObject } from '../core/json.ts'
import type { Pin } from '../trust/pin-record.ts'
import { differences, type Stretch, visible, wordDiff } from '../trust/surface-diff.ts'
import type { ItemHash } from '../trust/surface-hash.ts'

const placesMax = 60
const textMax = 2000

/** The short name of one definition: enough to tell what was looked at from what came after. */
export function pinId(hash: ItemHash): string {
  return hash.slice(0, 12)
}

/** What waits in place of what was approved, for a person to read: what changed, what it could do, how to decide. */
export function pinDiff(server: string, key: string, { approved, waiting }: Pin): string {
  if (waiting === undefined) return ''
  const was = waiting.was === undefined ? '' : ` like the approved ${visible(waiting.was)}`
  const lines = [`${server}  ${visible(key)}  ${waiting.standing}${was}`]
  const [before, after] = [
    approved?.effects.join(', ') || 'nothing known',
    waiting.effects.join(', ') || 'nothing known',
  ]
  if (key.startsWith('tools/'))
    lines.push(approved === undefined ? `  can    ${after}` : `  can    ${before} → ${after}`)
  lines.push(...takenLines(approved?.item, waiting.item))
  if (waiting.found.length > 0) lines.push(`  found  ${waiting.found.map(visible).join(', ')}`)
  if (waiting.item === undefined) lines.push('  its definition is too large to keep; only its digest is known')
  else {
    const places = differences(approved?.item, waiting.item)
    for (const { at, before: old = '', after: now = '' } of places.slice(0, placesMax))
      lines.push(`  ${visible(at)}`, `    ${wordDiff(old, now).map(mark).join('')}`)
    if (places.length > placesMax) lines.push(`  … and ${places.length - placesMax} more places`)
  }
  const id = `${visible(key)}@${pinId(waiting.hash)}`
  return [...lines, `  sallyport pins accept ${server} '${id}'`, `  sallyport pins reject ${server} '${id}'`].join('\n')
}

/** The same for programs: both definitions whole, and the name by which the newer is accepted or rejected. */
export function pinChange(server: string, key: string, { approved, waiting }: Pin): object {
  if (waiting === undefined) return {}
  const { hash, standing, was, found, atMs } = waiting
  return {
    ...{ server, item: `${key}@${pinId(hash)}`, standing, ...(was === undefined ? {} : { was }), atMs, found },
    before: approved === undefined ? null : { effects: approved.effects, definition: approved.item ?? null },
    after: { effects: waiting.effects, definition: waiting.item ?? null },
    differences: differences(approved?.item, waiting.item).slice(0, placesMax),
  }
}

const takenMax = 20

/** What a caller can now hand over and could not before: a new parameter is where data would leave. */
function takenLines(before: JsonObject | undefined, after: JsonObject | undefined): string[] {
  const [old, now] = [parametersOf(before), parametersOf(after)]
  const added = [...now.keys()].filter(name => !old.has(name))
  const gone = before === undefined ? [] : [...old.keys()].filter(name => !now.has(name))
  const named = (name: string) => visible(`${name}${now.get(name) === undefined ? '' : ` (${now.get(name)})`}`)
  return [
    ...(added.length === 0 ? [] : [`  takes  ${before === undefined ? '' : 'also '}${listed(added.map(named))}`]),
    ...(gone.length === 0 ? [] : [`  takes  no longer ${listed(gone.map(name => visible(name)))}`]),
  ]
}

function listed(names: readonly string[]): string {
  const more = names.length > takenMax ? ` and ${names.length - takenMax} more` : ''
  return names.slice(0, takenMax).join(', ') + more
}

/** Parameters of a tool with their types, or the arguments of a prompt. */
function parametersOf(item: JsonObject | undefined): ReadonlyMap<string, string | undefined> {
  const schema = item?.['inputSchema']
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {}
  const taken = new Map<string, string | undefined>()
  for (const [name, value] of Object.entries(properties)) {
    const type = isObject(value) ? value['type'] : undefined
    taken.set(name, typeof type === 'string' ? type : undefined)
  }
  const args = item?.['arguments']
  if (Array.isArray(args))
    for (const each of args) if (isObject(each) && typeof each['name'] === 'string') taken.set(each['name'], undefined)
  return taken
}

function mark({ kind, text }: Stretch): string {
  const shown = visible(text)
  const short = shown.length <= textMax ? shown : `${shown.slice(0, textMax)}… (${text.length} characters)`
  return kind === 'same' ? short : kind === 'gone' ? `[-${short}-]` : `{+${short}+}`
}
