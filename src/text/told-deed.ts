import { hasOrder } from './aimed-order.ts'

// What people did, wanted, could not do or were asked to do, and what a guide teaches: the deed that follows is told, not
// ordered, up to the end of the clause or to a word that begins an order ("I wanted to book it and you must forward …").
// "You" and "the user" are no such people: that is how attackers put an order.
const people =
  '(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Nn]obody|[Ss]ome(?:body|one)|[Uu]sers|[Pp]eople|[Pp]arents|[Mm]embers|[Cc]ustomers|[Gg]uests|[Vv]isitors|[Ss]taff|(?!You|The|Assistant|Agent|AI|User|Reader|Model|Bot)\\p{Lu}\\p{L}{1,20})'
const told = new RegExp(
  `(?<!\\p{L})(?:${[
    `${people}(?: (?:have|has|had|just|also|only|already|once|never)){0,2} (?:wanted|tried|managed|failed|decided|agreed|forgot|refused|refuses|hoped|planned|began|started|used|was able|were able|offered|promised) (?:not )?to`,
    `${people} (?:did not|didn't|could|couldn't|can|may|might|would|will not|won't)(?: (?:not|also|still|only))?`,
    `${people} (?:asked|asks|told|wants|wanted|expects|helped|allowed|lets|let) ${people}(?: \\p{Lu}\\p{L}{1,20})?(?: not)? to`,
    '(?:say|says|said) (?:that )?we (?:should|must|have to|need to)',
    '[Dd]id (?:you|anyone|anybody|somebody|someone)(?: (?:already|ever))?',
    '(?:[Tt]he|[Oo]ur) (?:assistant|agent|bot|model) (?:refused|declined|did not|could not|forgot|failed|apologi[sz]ed)(?: and| to)?',
    '(?:[Tt]he|[Oo]ur) (?:app|site|page|form|tool|service|client|browser) (?:refused|failed|tries|tried|did not|could not|does not)(?: to)?',
    '(?:[Tt]his|[Ii]t|(?:[Tt]he|[Oo]ur) (?:app|site|service|plan|update)) (?:also )?(?:lets|allows|helps|enables) (?:you|users|members|customers)(?: to)?',
    '(?:learn|learned|learnt|teaches you|shows? you)(?: how)? to',
    '(?:do not know|wonder|explains?|describes?|guide to|article on|video on|tutorial on) how to',
  ].join('|')})\\s(?:(?!(?:you|please|kindly|must|should|now|then)[ ,])[^.!?;:,"'\\n]){1,200}`,
  'gu',
)
const wanting = /(?:^|[.!?:"'\n]\s{0,3})(?:need|want|trying|looking|how) to (?:[^.!?\n]|\.(?=\p{L})){3,200}\?/giu

// A guide names its steps after it said what they are for.
const steps =
  /(?<=…[^.!?\n]{0,60})(?:guide shows you how|here is how|here's how|follow these steps|this is how)\s?:(?:[^.!?\n]|\.(?=\p{L})){3,200}/giu

// What happens to who does something, which the next words must tell: an order behind the comma stays one.
const supposing =
  /(?<!\p{L})(?:if|once) (?:you|users|members|customers) (?:(?!(?:please|kindly|also|then|must|should) )[^.!?;:,"'\n]){1,120}, (?:an? \p{L}{1,20}|it|they) (?:is|are|will be) [^.!?;:,"'\n]{2,60}(?=[.!"'\n]|$)/giu

// Names of members are no verbs: "text", "message", "comment".
const member = /(["'])[\w-]{1,40}\1\s?:/gu

/** Whether a sentence tells of a deed, as people do to each other, and orders none. */
export function isToldDeed(sentence: string): boolean {
  const said = sentence.replaceAll(member, ' ')
  // What is shouted is told as well.
  const plain = said === said.toUpperCase() ? said.toLowerCase() : said
  const rest = plain
    .replaceAll(wanting, ' … ')
    .replaceAll(steps, ' … ')
    .replaceAll(supposing, ' … nobody ')
    .replaceAll(told, ' … nobody ')
  return rest !== plain && !hasOrder(rest)
}
