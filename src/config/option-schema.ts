import * as z from 'zod'
import type { Option, Options } from '../core/option.ts'

/** The schema of a set of options. Everything may be left out; what stands there must be right. */
export function optionsSchema(options: Options): z.ZodObject {
  const shape = Object.entries(options).map(([name, o]) => [name, optionSchema(o).exactOptional()])
  return z.strictObject(Object.fromEntries(shape))
}

const nameMax = 128
const textMax = 4096

/** The schema of one option, with its sentence and its default for the docs. */
function optionSchema(o: Option): z.ZodType {
  const { about: description } = o
  switch (o.kind) {
    case 'number':
      return z.number().min(o.min).max(o.max).meta({ description, default: o.default })
    case 'boolean':
      return z.boolean().meta({ description, default: o.default })
    case 'text':
      return textSchema(o.pattern).meta({ description, default: o.default })
    case 'choice':
      return z.enum(o.of).meta({ description, default: o.default })
    case 'list':
      return z
        .array(z.string().max(textMax))
        .max(o.maxItems)
        .meta({ description, default: [...o.default] })
    case 'map':
      return z.record(z.string().min(1).max(nameMax), optionsSchema(o.each)).meta({ description })
    case 'group':
      return optionsSchema(o.each).meta({ description })
    default:
      return o satisfies never
  }
}

function textSchema(pattern: string | undefined): z.ZodString {
  const text = z.string().max(textMax)
  return pattern === undefined ? text : text.regex(new RegExp(pattern, 'u'))
}
