import { effectsOf } from '../core/capability.ts'
import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { type CompiledClass, classFaults, compiledClasses, pathsNamedBy } from '../text/classified-text.ts'
import { evidenceOf } from '../text/evidence.ts'
import { leavesOf } from '../text/leaves.ts'
import { type PlainViews, placedOnce, plainViewsOf } from '../text/plain-views.ts'
import { textKinds } from '../text/reading.ts'
import { classOptions } from './classified-options.ts'
import { fitCuts } from './cut.ts'

export const classified = guard({
  id: 'classified',
  title: 'Data that you classified, by tool, path, member, word or pattern',
  threats: ['T4.classify', 'V.output'],
  lesson: {
    why: 'You said that data of this class must not pass.',
    undo: 'change the class in `guards.classified.classes`',
  },
  reads: [...textKinds, 'tool.call', 'prompt.get', 'resource.read', 'sampling.result', 'elicitation.result'],
  options: classOptions,
  isHeavy: true,
  faults: ({ classes }) => classFaults(classes ?? {}).map(({ path, text }) => ({ path: ['classes', ...path], text })),
  inspect(message, { options: { classes }, scene }) {
    const names = Object.keys(classes)
    if (names.length === 0) return []
    const views = plainViewsOf(message)
    const weight = weightOf(message, scene)
    const findings = compiledClasses(classes).flatMap(one => [
      ...wholeFindings(one, message),
      ...memberFindings(one, { message, weight }),
      ...textFindings(one, { views, weight }),
    ])
    return fitCuts(findings, message, scene)
  },
})

type Weight = { readonly isAnswer: boolean; readonly severity: Finding['severity'] }

function weightOf({ body }: Message, scene: Scene): Weight {
  if (body.kind !== 'tool.call') return { isAnswer: textKinds.some(kind => kind === body.kind), severity: 'medium' }
  const effects = scene.tool?.effects ?? effectsOf({ name: body.tool })
  return { isAnswer: false, severity: effects.includes('send') ? 'high' : 'medium' }
}

/** An answer that is of the class as a whole, because of where it comes from. */
function wholeFindings({ name, label, isTool, isPath }: CompiledClass, { body, server, root }: Message): Finding[] {
  const isOf = 'tool' in body && body.kind !== 'tool.call' && isTool(`${server}/${body.tool}`)
  const named =
    body.kind === 'tool.result' ? pathsNamedBy(body.args) : body.kind === 'resource.content' ? [body.uri] : []
  if (!isOf && !named.some(isPath)) return []
  return [
    {
      rule: 'classified/source',
      severity: 'low',
      confidence: 'certain',
      at: root,
      facts: { class: name },
      labels: [label],
    },
  ]
}

function memberFindings(one: CompiledClass, { message, weight }: { message: Message; weight: Weight }): Finding[] {
  if (one.pointers.length === 0 || !weight.isAnswer) return []
  const inside = leavesOf(message).leaves.filter(
    ({ at, isKey }) => !isKey && one.text.isMember(at.slice(message.root.length)),
  )
  const [first] = inside
  if (first === undefined) return []
  const put = `[redacted: ${one.name}]`
  const fix = inside.map(({ at, text }) => ({ at, from: 0, to: text.length, put }))
  return [shown(one, weight, { rule: 'member', at: first.at, count: inside.length, fix })]
}

function textFindings(one: CompiledClass, { views, weight }: { views: PlainViews; weight: Weight }): Finding[] {
  const places = placedOnce(views, one.text.find)
  const put = `[redacted: ${one.name}]`
  const evidence = places.map(({ found, view }) => evidenceOf(views, { view, span: [found.from, found.to], put }))
  const [first] = evidence
  if (first === undefined) return []
  const fix = evidence.flatMap(each => each.fix ?? [])
  return [
    {
      ...shown(one, weight, { rule: 'text', at: first.at, count: places.length, fix }),
      ...(first.span && { span: first.span }),
    },
  ]
}

type Seen = {
  readonly rule: string
  readonly at: string
  readonly count: number
  readonly fix: NonNullable<Finding['fix']>
}

function shown({ name, label, answers }: CompiledClass, weight: Weight, { rule, at, count, fix }: Seen): Finding {
  const isCut = weight.isAnswer && answers === 'cut'
  const severity = isCut ? 'high' : weight.severity
  const facts = { class: name, count }
  return {
    rule: `classified/${rule}`,
    severity,
    confidence: 'certain',
    at,
    facts,
    labels: [label],
    ...(isCut && { fix, isGoneWithFix: true }),
  }
}
