import * as z from 'zod'
import { limitRanges, most } from './permission-shape.ts'

const path = z.string().min(1).max(most.pathChars)
const integer = (name: keyof typeof limitRanges) => {
  const [min, max, usual] = limitRanges[name]
  return z.int().min(min).max(max).default(usual)
}

const files = z.strictObject({
  read: z.array(path).max(most.paths).default([]).describe('Files and folders that may be read.'),
  write: z.array(path).max(most.paths).default([]).describe('Folders that may be read and written.'),
  staging: z
    .boolean()
    .default(false)
    .describe('Writes go to a copy; `sallyport sandbox review` shows them and applies them file by file.'),
})

const limits = z.strictObject({
  pids: integer('pids').describe('Processes and threads together. Node alone needs about 12.'),
  memoryMiB: integer('memoryMiB').describe('Memory of one process, and of all of them together.'),
  cpuSeconds: integer('cpuSeconds').describe('Processor time that one process may use in its life.'),
  fileMiB: integer('fileMiB').describe('Largest file that may be written.'),
  tmpMiB: integer('tmpMiB').describe('Size of /tmp, which is empty at each start.'),
  diskMiB: integer('diskMiB').describe(
    'What it may add to all its writable folders together in a day; never more than half of what is free.',
  ),
  diskFiles: integer('diskFiles').describe('Files that it may make in its writable folders in a day.'),
  openFiles: integer('openFiles').describe('Open files and sockets of one process.'),
  outputMiBPerMin: integer('outputMiBPerMin').describe('What it may print in a minute before it is stopped.'),
  lineMiB: integer('lineMiB').describe('Longest message that it may print.'),
})

/** The one permission document as a schema, for editors and docs; the gateway reads it with `readShape`. */
export const permissionSchema = z.strictObject({
  schema: z.literal(1).default(1),
  command: z
    .array(z.string().max(most.argumentChars))
    .min(1)
    .max(most.arguments)
    .optional()
    .describe('Program and arguments that this document was written for; another command is refused.'),
  cwd: path.optional().describe('Folder that relative paths start from.'),
  files: files.prefault({}),
  net: z
    .union([
      z.literal('none'),
      z.strictObject({ hosts: z.array(z.string().max(most.hostChars)).min(1).max(most.hosts) }),
    ])
    .default('none')
    .describe('No network, or a list of name:port (port 443 when left out).'),
  env: z
    .record(z.string().max(most.variableChars), z.string().max(most.argumentChars))
    .default({})
    .describe('The whole environment: literals, or references in $' + '{…}: env:NAME, file:/path.'),
  children: z
    .union([z.enum(['none', 'any']), z.array(z.string().min(1).max(most.programChars)).min(1).max(most.programs)])
    .default('none')
    .describe('Other programs that it may start: none, any of /usr, or the named ones.'),
  unixSockets: z
    .boolean()
    .default(false)
    .describe(
      'May make unix sockets (browsers and daemons need it), and reach those of other programs in the folders it is given.',
    ),
  limits: limits.prefault({}),
  reason: z.string().max(most.reasonChars).default('').describe('Why the server needs this, in a sentence.'),
  author: z.string().max(most.authorChars).default('').describe('Who wrote this document.'),
})
