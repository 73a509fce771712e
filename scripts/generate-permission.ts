import * as z from 'zod'
import { permissionSchema } from '../src/sandbox/permission-schema.ts'

/** The JSON schema of a permission document, for editors and for whoever writes one by program. */
export function permissionJsonSchema(): string {
  const schema = z.toJSONSchema(permissionSchema, { io: 'input' })
  const about = {
    title: 'Sallyport permission document',
    description: 'What one MCP server may touch. Everything that is left out is refused.',
  }
  return `${JSON.stringify({ ...schema, ...about }, null, 2)}\n`
}
