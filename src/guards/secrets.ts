import { effectsOf } from '../core/capability.ts'
import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { option } from '../core/option.ts'
import { boundedFindings, evidenceOf } from '../text/evidence.ts'
import { type PlainViews, placedOnce, plainViewsOf } from '../text/plain-views.ts'
import { textKinds } from '../text/reading.ts'
import { isNothing, remembered } from '../text/remembered.ts'
import { cutNotice } from '../text/secret-notice.ts'
import { secretsIn } from '../text/secret-scan.ts'
import type { Secret } from '../text/secret-shape.ts'
import type { View } from '../text/view.ts'
import { fitCuts } from './cut.ts'

const standards = ['OWASP-LLM02', 'CWE-200', 'CWE-522', 'ATLAS-AML.T0057']

export const secrets = guard({
  id: 'secrets',
  title: 'Credentials in answers, and credentials that leave in arguments',
  threats: ['T4.classify', 'T7.scrub', 'V.output'],
  lesson: {
    why: 'Whoever reads a credential can use it, and what a model has read it can repeat to anyone.',
    undo: 'take the credential out of the source, or let a placeholder stand for it with a policy rule `as: mask`',
  },
  reads: [...textKinds, 'tool.call', 'prompt.get', 'resource.read', 'sampling.result', 'elicitation.result'],
  options: {
    answers: option.choice({
      default: 'cut',
      of: ['note', 'cut'],
      tighter: 'later',
      about: 'What is proposed for a certain credential in an answer: only to note it, or to cut it out',
    }),
  },
  isHeavy: true,
  inspect(message, { options, scene }) {
    // The weight and the cuts of what was found depend on the tool: only that nothing was found is remembered.
    const weight = weightOf(message, scene, options.answers === 'cut')
    return remembered({ message, options }, isNothing, () => credentialsIn(message, scene, weight))
  },
})

function credentialsIn(message: Message, scene: Scene, weight: Weight): readonly Finding[] {
  const views = plainViewsOf(message)
  const found = placedOnce(views, secretsIn)
  const findings = found.map(({ found, view }) => findingOf(views, { secret: found, view, weight }))
  const all = boundedFindings(fitCuts(findings, message, scene))
  return views.left === 0 ? all : [...all, notInspected(message.root, views.left)]
}

type Weight = { readonly severity: Finding['severity']; readonly isCut: boolean; readonly isLabelled: boolean }

/** Leaving for good weighs most; an argument is never cut, because a call that was changed in silence does harm. */
function weightOf({ body }: Message, scene: Scene, cuts: boolean): Weight {
  switch (body.kind) {
    case 'tool.call': {
      const effects = scene.tool?.effects ?? effectsOf({ name: body.tool })
      return { severity: effects.includes('send') ? 'high' : 'medium', isCut: false, isLabelled: true }
    }
    case 'prompt.get':
    case 'resource.read':
    case 'sampling.result':
    case 'elicitation.result':
      return { severity: 'medium', isCut: false, isLabelled: true }
    // Documentation of a tool: what stands there is an example, and changing it would change what was approved.
    case 'server.declared':
    case 'server.surface':
      return { severity: 'low', isCut: false, isLabelled: false }
    default:
      return { severity: cuts ? 'high' : 'medium', isCut: cuts, isLabelled: true }
  }
}

type Found = { readonly secret: Secret; readonly view: View; readonly weight: Weight }

function findingOf(views: PlainViews, { secret, view, weight }: Found): Finding {
  const { kind, from, to, confidence, isLong = false } = secret
  const put = cutNotice(kind, view.text.slice(from, to), isLong)
  // Of the evidence only the place: the excerpt would be the secret.
  const { at, span, fix } = evidenceOf(views, { view, span: [from, to], put })
  const isCertain = confidence === 'certain'
  return {
    rule: `secrets/${kind}`,
    severity: isCertain || weight.severity === 'low' ? weight.severity : 'medium',
    confidence,
    at,
    ...(span && { span }),
    ...(weight.isCut && fix && { fix, isGoneWithFix: true }),
    facts: { kind, chars: to - from },
    ...(weight.isLabelled && { labels: ['secret'] }),
    standards,
  }
}

function notInspected(at: string, parts: number): Finding {
  return { rule: 'secrets/not-inspected', severity: 'medium', confidence: 'certain', at, facts: { parts } }
}
