import type { Edit, Finding } from '../core/finding.ts'
import type { Message } from '../core/message.ts'

/**
 * What takes a finding out of what a server shows, where that leaves the rest as it is: the item of a list, or the
 * instructions of a handshake. One tool that nobody wants must not take the others of its server along.
 */
export function leftOut({ body, root }: Message, { at }: Finding): Edit | undefined {
  if (body.kind !== 'server.surface' || !at.startsWith(`${root}/`)) return undefined
  const within = at.slice(root.length)
  const [place] = (body.part === 'server' ? instructions : item).exec(within) ?? []
  return place === undefined ? undefined : { at: `${root}${place}`, remove: true }
}

const item = /^\/(?:tools|prompts|resources|resourceTemplates)\/\d{1,9}(?=\/|$)/u
const instructions = /^\/instructions$/u
