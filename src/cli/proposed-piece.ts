import { printable } from '../audit/printable.ts'
import type { ProposedPermission } from '../trust/source-audit.ts'

export type Piece = {
  readonly name: string
  /** The words that start the server. */
  readonly words: readonly string[]
  readonly proposed: ProposedPermission
  /** The environment of whoever adds the server. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

const variablesSaid = 30

/**
 * A piece of configuration that starts: of the variables that a source reads those that are set here. A reference to one
 * that is not set refuses the start, and most that a source names belong to its libraries.
 */
export function proposedPiece({ name, words, proposed, environment }: Piece): string {
  const { schema: _, reason, env, ...rest } = proposed
  const read = Object.keys(env)
  const given = read.filter(variable => environment[variable] !== undefined)
  const others = read.filter(variable => environment[variable] === undefined)
  const more = others.length > variablesSaid ? ` and ${others.length - variablesSaid} more` : ''
  const permissions = { ...rest, env: Object.fromEntries(given.map(variable => [variable, env[variable]])) }
  const lines = [
    // A text of the source stands in it: a line break there would begin a line of the configuration.
    `# ${printable(reason)}`,
    ...(others.length === 0
      ? []
      : [`# it also reads ${others.slice(0, variablesSaid).join(', ')}${more}: put under env what it needs`]),
    'servers:',
    `  ${name}:`,
    `    command: [${words.map(word => JSON.stringify(word)).join(', ')}]`,
    `    permissions: ${JSON.stringify(permissions)}`,
  ]
  return lines.join('\n')
}
