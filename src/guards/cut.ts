import { applyEdits } from '../core/edit.ts'
import type { Edit, Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import { isObject, type Json, type JsonObject, valueAt } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { compileSchema, type Validator } from './schema-validator.ts'

/**
 * Findings whose cuts leave an answer that its tool's output schema still accepts. Where a notice does not fit, a mask
 * of the same length is tried; where that fails too the finding has no fix, and policy stops what it cannot clean.
 */
export function fitCuts(findings: readonly Finding[], message: Message, scene: Scene): readonly Finding[] {
  const { body, root } = message
  const schema = scene.tool?.definition['outputSchema']
  if (body.kind !== 'tool.result' || !isObject(schema)) return findings
  const under = `${root}/structuredContent/`
  const value = body.result['structuredContent']
  const edits = findings.flatMap(({ fix = [] }) => fix).filter(({ at }) => at.startsWith(under))
  if (value === undefined || edits.length === 0) return findings
  const validator = validatorOf(schema)
  const fits = (change: (edit: Edit) => Edit): boolean =>
    isAccepted(validator, value, { root, edits: edits.map(change) })
  if (fits(edit => edit)) return findings
  for (const change of masks) {
    if (!fits(change)) continue
    const changed = (edit: Edit): Edit => (edit.at.startsWith(under) ? change(edit) : edit)
    return findings.map(finding =>
      finding.fix === undefined ? finding : { ...finding, fix: finding.fix.map(changed) },
    )
  }
  return findings.map(finding => (finding.fix?.some(({ at }) => at.startsWith(under)) ? unfixable(finding) : finding))
}

type Change = { readonly root: string; readonly edits: readonly Edit[] }

function isAccepted(validator: Validator, value: Json, { root, edits }: Change): boolean {
  // A schema that cannot be checked says nothing; the answer was judged against it before, by the guard of schemas.
  if (validator.kind !== 'ready') return true
  const inner = edits.map(edit => ({ ...edit, at: edit.at.slice(root.length) }))
  const after = valueAt(applyEdits({ structuredContent: value }, inner), '/structuredContent')
  return after !== undefined && validator.validate(after) === undefined
}

const masks: readonly ((edit: Edit) => Edit)[] = [
  edit => ('put' in edit ? { ...edit, put: '*'.repeat(edit.to - edit.from) } : edit),
  edit => ('put' in edit ? { ...edit, put: '0'.repeat(edit.to - edit.from) } : edit),
  edit => ('put' in edit ? { ...edit, put: 'redacted@redacted.invalid' } : edit),
]

function unfixable({ fix: _, isGoneWithFix: __, ...finding }: Finding): Finding {
  return { ...finding, facts: { ...finding.facts, uncut: 'a cut would break the output schema' } }
}

// Weak: a definition that is listed anew is another object, and its validator goes with it.
const compiled = new WeakMap<JsonObject, Validator>()

function validatorOf(schema: JsonObject): Validator {
  const known = compiled.get(schema) ?? compileSchema(schema)
  compiled.set(schema, known)
  return known
}
