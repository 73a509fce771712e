import type { ServerName } from '../core/brand.ts'
import type { Tool } from '../core/capability.ts'

export const toolOrderBounds = { tools: 5000, named: 3, sentenceUnits: 600 } as const

// Words that order the same deed, and words that name the same thing: a tool has one of them, a sentence another.
const sameDeed = [
  'send email mail forward message text reply compose share submit notify',
  'transfer pay send wire move remit donate refund deposit withdraw',
  'buy order purchase book reserve checkout subscribe rent',
  'delete remove erase cancel clear wipe drop purge trash archive close',
  'create add make schedule register write save set open insert append plan',
  'update change edit modify rename move set reset replace adjust reschedule',
  'share publish post upload tweet comment announce export',
  'grant give allow invite add promote assign permit authorize authorise',
  'run execute launch start trigger call invoke deploy install',
  'unlock open lock close switch turn enable disable activate disarm',
].map(line => new Set(line.split(' ')))

const sameThing = [
  'mail email e-mail message inbox letter thread newsletter',
  'money payment funds amount transaction transfer euros dollars pounds usd eur',
  'event meeting appointment calendar reminder invitation',
  'file document folder attachment report sheet page note',
  'user member account collaborator guest person contact',
  'password passcode pin credentials login',
  'access permission role rights',
  'message channel chat post room',
  'command script shell terminal code program',
  'order purchase product item cart booking reservation',
  'device door lock light alarm camera garage thermostat',
  'issue ticket case',
  'repository repo branch',
].map(line => new Set(line.split(' ')))

// An order begins a sentence, or stands after one of these; "we send mail" tells, it does not order.
const ordering = new Set(
  'please kindly to must should you and then now also just first next shall will pls quickly simply'.split(' '),
)
const reach = 12

/** Whether a sentence orders any deed that a tool could have: if not, no tool of any session is ordered by it. */
export function ordersDeed(sentence: string): boolean {
  return ordersIn(sentence.slice(0, toolOrderBounds.sentenceUnits)).length > 0
}

/** Tools of the session whose deed a sentence orders in plain words: `send_mail` by "send a message to …". */
export function toolsOrdered(sentence: string, tools: ReadonlyMap<ServerName, readonly Tool[]>): string[] {
  const orders = ordersIn(sentence.slice(0, toolOrderBounds.sentenceUnits))
  const named: string[] = []
  if (orders.length === 0) return named
  let looked = 0
  for (const offered of tools.values())
    for (const { name } of offered) {
      if (++looked > toolOrderBounds.tools || named.length >= toolOrderBounds.named) return named
      const [verb, ...rest] = wordsOf(name)
      if (verb === undefined || rest.length === 0) continue
      if (orders.some(order => isSame(sameDeed, order.verb, verb) && rest.some(thing => names(order.after, thing))))
        named.push(name)
    }
  return named
}

type Ordered = { readonly verb: string; readonly after: readonly string[] }

function ordersIn(sentence: string): Ordered[] {
  const tokens = sentence.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}@._'+-]{0,60}|[^\s\p{L}\p{N}]/gu) ?? []
  const words = tokens.map(token => token.replace(/[.']{1,3}$/u, ''))
  return words.flatMap((word, i) => {
    const before = words[i - 1]
    const isOrder = before === undefined || ordering.has(before) || !/[\p{L}\p{N}]/u.test(before)
    return isOrder && sameDeed.some(group => group.has(word)) ? [{ verb: word, after: words.slice(i, i + reach) }] : []
  })
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/u)
    .filter(word => word.length > 1)
}

function names(words: readonly string[], thing: string): boolean {
  return words.some(
    word =>
      isSame(sameThing, singular(word), singular(thing)) ||
      (word.includes('@') && isSame(sameThing, 'mail', singular(thing))) ||
      (/^(?:iban|usd|eur|[a-z]{2}\d{12,30})$|^[€$£]/u.test(word) && isSame(sameThing, 'money', singular(thing))),
  )
}

function isSame(groups: readonly ReadonlySet<string>[], a: string, b: string): boolean {
  return a === b || groups.some(group => group.has(a) && group.has(b))
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word
}
