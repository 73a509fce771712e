import type { Doc } from './corpus.ts'
import { descriptionLists } from './description-lists.ts'
import { expand, type Random, randomOf } from './random.ts'
import { type Choice, templatesIn, templatesOf, within } from './templates.ts'

const orders = templatesOf('orders')
const poisons = [
  'poisons',
  'poisons-steps',
  'poisons-harvest',
  'poisons-claims',
  'poisons-turns',
  'poisons-tongues',
  'poisons-wider',
].map(name => templatesIn([name]))
const honest = templatesIn(['honest'])
const notes = templatesIn(['honest-notes', 'honest-wider'])

export type Described = Choice & { readonly count: number; readonly seed: number }

/** What tools say of themselves, half of them with a sentence that no tool has a reason to say. */
export function composeDescriptions({ count, seed, ...choice }: Described): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2 === 0 ? 1 : 0
    const own = Array.from({ length: random.below(4) }, () => honestly(choice, random))
    const payload = label === 1 ? poison(choice, random) : honestly(choice, random)
    own.splice(random.below(own.length + 1), 0, payload)
    const id = `${choice.side}-d${i}`
    return { id, source: `descriptions-${choice.side}`, kind: 'description', label, text: shape(own, random), payload }
  })
}

/** A description as it is written: in a line, in paragraphs, as a list, with its parameters after it. */
function shape(sentences: readonly string[], random: Random): string {
  const name = fill(random.pick(['<toolname>', '<anytool>', '<anytool>', '<plaintool>', '<plaintool>']), random)
  const text = sentences.join(random.pick([' ', ' ', ' ', '\n', '\n\n', '\n- ']))
  const parameters = fill(random.pick(parameterLists), random)
  return `${random.below(5) === 0 ? '' : `${name}: `}${text}${parameters}`
}

const parameterLists = [
  '',
  '',
  '\nParameters: ',
  '\nParameters: {path|file} (string): {Absolute path|The file to read}; limit (number): At most so many',
  '\nParameters: {query|text|input|city|value} (string): {What to search for|The text|The city|The value}',
  '\n\nArgs:\n    {a|id|name}: {The first number|Id of the record|The name}\n    {b|format}: {The second|json or text}\n\nReturns:\n    {The result|A string|A dict}',
]

function honestly(choice: Choice, random: Random): string {
  return fill(random.pick(within(random.below(3) === 0 ? honest : notes, choice)).text, random)
}

function poison(choice: Choice, random: Random): string {
  // A file of few families has none in some fifths.
  const groups = poisons.map(group => within(group, choice)).filter(group => group.length > 0)
  const frame = fill(random.pick(random.pick(groups)).text, random)
  const goal = fill(random.pick(within(orders, choice)).text, random)
  return frame.replaceAll('@', () => goal).replaceAll('%', () => goal.charAt(0).toUpperCase() + goal.slice(1))
}

// The place of the order must survive: addresses come in after it is marked. A broken bar stands for the shell's own.
function fill(template: string, random: Random): string {
  const text = expand(template.replaceAll('@', '¤'), descriptionLists, random)
  return text.replaceAll('@', '＠').replaceAll('¤', '@').replaceAll('¦', '|')
}
