import { isObject, type Json, type JsonObject, type JsonPointer, step } from '../core/json.ts'

export type OddParameter = { readonly at: JsonPointer; readonly name: string; readonly can: 'run' | 'reach' }

const narrow =
  /\b(?:add|sum|subtract|multiply|divide|calc|calculate|calculator|math|weather|forecast|time|clock|date|joke|quote|fact|dice|coin|random|uuid|convert|converter|unit|units|currency|bmi|horoscope|rhyme|dictionary|define|timer|moon|holiday|colou?r|tides|percentage|average|prime)\b/u
const wide =
  /\b(?:files?|urls?|web|http|api|fetch|commands?|shell|scripts?|code|exec\w*|run|servers?|endpoint|host|download|upload|page|cron|schedule|deploy|notif\w+|calendar|remind\w*)\b/u
const running = /^(?:cmd|command|shell|bash|exec|eval|script|code|pre_?command|post_?command|hook)$/u
const reaching =
  /^(?:webhook|webhook_url|callback|callback_url|endpoint|proxy|upload_to|report_to|notify_url|forward_to|bcc)$/u

/** Parameters that give a tool with a small task a reach it says nothing of: a calculator with a command to run. */
export function oddParameters(schema: Json | undefined, at: JsonPointer, about: string): readonly OddParameter[] {
  const task = about.toLowerCase().replaceAll(/[_-]/gu, ' ')
  if (!narrow.test(task) || wide.test(task) || !isObject(schema)) return []
  const properties = schema['properties']
  if (!isObject(properties)) return []
  return Object.keys(properties).flatMap(name => {
    const plain = snake(name)
    const can = running.test(plain) ? 'run' : reaching.test(plain) ? 'reach' : undefined
    return can === undefined ? [] : [{ at: `${at}/properties${step(name)}`, name, can } as const]
  })
}

const writing =
  /(?:^|_)(?:delete|remove|drop|write|send|post|exec|execute|run|transfer|pay|upload|create|update)(?:_|$)/u

/** The annotation that a client trusts most, on a tool whose own name says otherwise. */
export function isFalselyReadOnly({ name, annotations }: JsonObject): boolean {
  return isObject(annotations) && annotations['readOnlyHint'] === true && writing.test(snake(String(name ?? '')))
}

function snake(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[-.]/gu, '_')
}
