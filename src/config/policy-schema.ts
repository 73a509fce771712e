import * as z from 'zod'
import { effects } from '../core/capability.ts'
import { confidences, severities } from '../core/finding.ts'
import type { Kind } from '../core/message.ts'
import { type PolicyTest, type Rule, rewrites } from '../policy/rule.ts'

const name = z.string().min(1).max(128)
const pattern = z.string().min(1).max(256)
const listMax = 256

function oneOrMore<T extends z.ZodType<string>>(item: T) {
  return z.union([item, z.array(item).min(1).max(listMax)])
}

export const kinds = [
  ...(['server.declared', 'server.surface', 'tool.call', 'tool.waiting', 'tool.result'] as const),
  ...(['resource.read', 'resource.content', 'prompt.get', 'prompt.result'] as const),
  ...(['sampling.request', 'sampling.result', 'elicitation.request', 'elicitation.result'] as const),
  ...(['error', 'notification', 'other'] as const),
] as const satisfies readonly Kind[]

const verdicts = ['allow', 'rewrite', 'ask', 'block'] as const

const findingMatch = z.strictObject({
  rule: oneOrMore(pattern).exactOptional().meta({ description: 'Rules of guards: `secrets/*`' }),
  severity: z.enum(severities).exactOptional().meta({ description: 'At least this severe' }),
  confidence: oneOrMore(z.enum(confidences)).exactOptional().meta({ description: 'One of these' }),
})

const match = z.strictObject({
  server: oneOrMore(pattern).exactOptional().meta({ description: 'Server names; `*` stands for any run' }),
  tool: oneOrMore(pattern).exactOptional().meta({ description: 'Tool names as the server lists them; `*` as above' }),
  resource: oneOrMore(pattern).exactOptional().meta({ description: 'URIs of resources' }),
  prompt: oneOrMore(pattern).exactOptional().meta({ description: 'Names of prompts' }),
  method: oneOrMore(pattern).exactOptional().meta({ description: 'Methods of `other` and `notification` messages' }),
  effect: oneOrMore(z.enum(effects)).exactOptional().meta({ description: 'What the call can do' }),
  principal: oneOrMore(pattern).exactOptional().meta({ description: 'Who acts' }),
  role: oneOrMore(pattern).exactOptional().meta({ description: 'Role of who acts' }),
  labels: oneOrMore(name).exactOptional().meta({ description: 'At least one of these is on the session' }),
  allLabels: z.array(name).min(1).max(listMax).exactOptional().meta({ description: 'All of these are' }),
  findings: findingMatch.exactOptional().meta({ description: 'A guard found something like this' }),
  kind: oneOrMore(z.enum(kinds))
    .exactOptional()
    .meta({ description: 'Kinds of message; requests when left out, every kind with `findings`' }),
  from: z.enum(['client', 'server']).exactOptional().meta({ description: 'Who sent it' }),
})

const testFinding = z.strictObject({
  rule: name,
  severity: z.enum(severities),
  confidence: z.enum(confidences),
  labels: z.array(name).exactOptional(),
  fixable: z.boolean().exactOptional(),
})

const date = z.string().max(40)

const policyTest = z.strictObject({
  about: z.string().max(500).exactOptional(),
  kind: z.enum(kinds).exactOptional(),
  server: name.exactOptional(),
  tool: name.exactOptional(),
  args: z.unknown().exactOptional(),
  result: z.unknown().exactOptional(),
  resource: z.string().max(2048).exactOptional(),
  prompt: name.exactOptional(),
  method: name.exactOptional(),
  effects: z.array(z.enum(effects)).exactOptional(),
  principal: name.exactOptional(),
  role: name.exactOptional(),
  labels: z.array(name).exactOptional(),
  findings: z.array(testFinding).max(100).exactOptional(),
  at: date.exactOptional(),
  expect: z.enum(verdicts),
}) satisfies z.ZodType<PolicyTest>

/** One rule of a policy. */
export const ruleSchema = z.strictObject({
  name: name.meta({ description: 'Names the rule in decisions and in the record' }),
  match: match.exactOptional().meta({ description: 'What it is about; everything given must hold' }),
  when: z.string().min(1).max(1000).exactOptional().meta({ description: 'A CEL expression that must hold as well' }),
  then: z.enum(verdicts).meta({ description: 'What happens' }),
  as: z
    .enum(rewrites)
    .exactOptional()
    .meta({ description: 'With `rewrite`: cut, mask, or annotate, frame or withhold an answer; cut when left out' }),
  otherwise: z
    .enum(['allow', 'ask', 'block'])
    .exactOptional()
    .meta({ description: 'With `rewrite`: what happens where nothing can be cut; block when left out' }),
  waive: oneOrMore(pattern).exactOptional().meta({ description: 'With `allow`: findings that do not count here' }),
  lift: oneOrMore(name)
    .exactOptional()
    .meta({ description: "With `allow`: the preset's rules that do not count here" }),
  unmask: oneOrMore(pattern)
    .exactOptional()
    .meta({ description: 'With `allow`: masked values (`secrets/*`) that come back in these requests' }),
  reason: z.string().max(500).exactOptional().meta({ description: 'Shown to whoever is refused or asked' }),
  expires: date.exactOptional().meta({ description: 'Date after which an allow rule is gone; others stay' }),
  tests: z.array(policyTest).max(200).exactOptional().meta({ description: 'Cases that must be decided as said' }),
}) satisfies z.ZodType<Rule>
