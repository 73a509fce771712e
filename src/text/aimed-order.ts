export const aimedBounds = { sentenceUnits: 600 } as const

// What an assistant can do with tools, said as an order.
const deeds = new Set(
  `send email mail forward message text reply share submit notify transfer pay wire move remit donate refund deposit withdraw
  buy order purchase book reserve subscribe rent delete remove erase cancel clear wipe drop purge trash archive close create add
  make schedule register write save set open insert append update change edit modify rename reset replace adjust reschedule
  publish post upload tweet comment announce export grant give allow invite promote assign permit authorize authorise run execute
  launch start trigger call invoke deploy install unlock lock switch turn enable disable activate disarm visit go navigate click
  follow fetch download retrieve get find look search list read copy collect show tell print reveal`.split(/\s+/u),
)

// An order begins a sentence, or stands after one of these; "we send mail" tells, it does not order.
const ordering = new Set(
  'please kindly to must should you and then now also just first next shall will pls quickly simply assistant agent ai'.split(
    ' ',
  ),
)

// Where something is to go, how much, which file, under which name: what a wish that only sounds alike leaves open.
const aim =
  /[\p{L}\d._+-]@[\p{L}\d-]+\.\p{L}{2}|https?:\/\/|www\.|(?<![\p{L}\d])\p{Lu}{2}\d{2}[\p{Lu}\d]{8}|[$€£]\s?\d|\d\s?(?:euros?|dollars?|usd|eur|pounds)(?!\p{L})|(?<!\S)~?\/[\w.-]{1,40}\/|\d{6}|(?<!\p{L})['"“][^'"”]{2,60}['"”](?!\s?:)/iu

/** Whether a sentence orders a deed that tools can do, and names its aim: an address, an amount, a file, a name in quotes. */
export function isAimedOrder(sentence: string): boolean {
  const said = sentence.slice(0, aimedBounds.sentenceUnits)
  return aim.test(said) && hasOrder(said)
}

/** Whether a sentence orders a deed that tools can do: in its first word, or after one that orders. */
export function hasOrder(said: string): boolean {
  const tokens = said.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}@._'+-]{0,60}|[^\s\p{L}\p{N}]/gu) ?? []
  return tokens.some((token, i) => {
    if (!deeds.has(token.replace(/[.']{1,3}$/u, ''))) return false
    const before = tokens[i - 1]
    return before === undefined || ordering.has(before) || !/[\p{L}\p{N}]/u.test(before)
  })
}
