import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { printable } from '../audit/printable.ts'
import type { Finding } from '../core/finding.ts'
import { isObject, type JsonObject, valueAt } from '../core/json.ts'
import type { Body } from '../core/message.ts'
import { isStricter, type VerdictKind } from '../core/verdict.ts'
import { type Inspected, inspectBody, isTextKind, type TextKind, textBody, textKinds } from '../gateway/inspect-text.ts'
import type { ExitCode } from './command-line.ts'
import { excerptLine, excerptOf } from './excerpt.ts'
import { say } from './say.ts'

type Wanted = { jsonl?: boolean; json?: boolean; kind: string; failOn: string }
type Asked = { readonly kind: TextKind; readonly failOn: VerdictKind; readonly isJson: boolean }

const floors = ['ask', 'block'] as const

/** `sallyport inspect`: text or JSON in, findings out. Starts nothing and sends nothing anywhere. */
export function addInspect(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('inspect')
    .description('read text or JSON as a model would be given it, and say what is wrong with it')
    .argument('[file]', 'file to read; - or nothing reads stdin', '-')
    .option('--jsonl', 'lines of {"id","kind","text"} in, lines of {"id","verdict","score","findings"} out')
    .option('--json', 'the findings as JSON')
    .option('-k, --kind <kind>', `what the text is: ${textKinds.join(', ')}`, 'response')
    .option('--fail-on <verdict>', `exit with 1 from this verdict on: ${floors.join(', ')}`, 'ask')
    .action((file: string, wanted: Wanted) => done(inspectFile(file, wanted)))
}

function inspectFile(file: string, { jsonl, json, kind, failOn }: Wanted): ExitCode {
  const floor = floors.find(known => known === failOn)
  if (floor === undefined) return wrong(`--fail-on ${failOn}: there are ${floors.join(', ')}`)
  if (!isTextKind(kind)) return wrong(`--kind ${kind}: there are ${textKinds.join(', ')}`)
  const text = contentOf(file)
  if (typeof text !== 'string') return wrong(text.why)
  const asked: Asked = { kind, failOn: floor, isJson: json === true }
  return jsonl === true ? inspectLines(text, asked) : inspectOne(text, asked)
}

/** More than this is no answer of a tool; read it in parts. */
const bytesMax = 64 * 1024 * 1024

function contentOf(file: string): string | { readonly why: string } {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file)
    if (bytes.byteLength > bytesMax)
      return { why: `${file} has ${bytes.byteLength} bytes; ${bytesMax} can be read at once: split it` }
    return bytes.toString('utf8')
  } catch (cause) {
    return { why: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}

function inspectOne(text: string, { kind, failOn, isJson }: Asked): ExitCode {
  const value = text.trimStart().startsWith('{') ? parsed(text) : undefined
  const body = bodyOf(value, kind) ?? textBody(kind, text)
  const seen = inspectBody(body)
  if (isJson) process.stdout.write(jsonLine(shown(seen)))
  else {
    process.stdout.write(`${seen.verdict}  score ${seen.score.toFixed(2)}\n`)
    const textAt = textsOf(body)
    for (const finding of seen.findings) {
      process.stdout.write(`${lineOf(finding)}\n`)
      const excerpt = excerptLine(finding, textAt(finding.at), isColoured())
      if (excerpt !== undefined) process.stdout.write(`           ${excerpt}\n`)
    }
  }
  return isAtLeast(seen.verdict, failOn) ? 1 : 0
}

function isColoured(): boolean {
  return process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === ''
}

/** The string at a finding's place. */
function textsOf(body: Body): (at: string) => string | undefined {
  const payload = body.kind === 'server.surface' ? { [body.part]: body.items } : 'result' in body ? body.result : null
  return at => {
    const value = valueAt({ result: payload }, at)
    return typeof value === 'string' ? value : undefined
  }
}

/** One result for each line, in order; a line that cannot be read is reported, and makes the whole incomplete. */
function inspectLines(text: string, { kind, failOn }: Asked): ExitCode {
  let code: ExitCode = 0
  const { write, flush } = heldOutput()
  for (const { line, number } of linesOf(text)) {
    const value = parsed(line)
    const own = value?.['kind'] ?? kind
    const content = value?.['text']
    if (typeof content !== 'string' || !isTextKind(own)) {
      say(`line ${number}: ${fault(value, own)}`)
      code = 3
      continue
    }
    const seen = inspectBody(textBody(own, content))
    write(jsonLine({ id: value?.['id'] ?? null, ...batchLine(seen, content) }))
    if (code === 0 && isAtLeast(seen.verdict, failOn)) code = 1
  }
  flush()
  return code
}

/** Lines that hold anything, one after the other: all at once would double what a batch takes in memory. */
function* linesOf(text: string): Generator<{ readonly line: string; readonly number: number }> {
  for (let from = 0, number = 1; from < text.length; number++) {
    const found = text.indexOf('\n', from)
    const end = found < 0 ? text.length : found
    const line = text.slice(from, end)
    if (line.trim() !== '') yield { line, number }
    from = end + 1
  }
}

const heldUnits = 65_536

/** Output in large pieces: a call of the system for each record takes as long as a tenth of its judging. */
function heldOutput(): { write(line: string): void; flush(): void } {
  let held = ''
  const flush = (): void => {
    if (held !== '') process.stdout.write(held)
    held = ''
  }
  const write = (line: string): void => {
    held += line
    if (held.length >= heldUnits) flush()
  }
  return { write, flush }
}

function fault(value: JsonObject | undefined, kind: unknown): string {
  if (value === undefined) return 'not a JSON object; write {"id","kind","text"}'
  return isTextKind(kind) ? 'text: a string is missing' : `kind: there are ${textKinds.join(', ')}`
}

/** A message, a result or a list of tools as it stands on the wire; anything else is read as text. */
function bodyOf(value: JsonObject | undefined, kind: TextKind) {
  if (value === undefined) return undefined
  const inner = isObject(value['result']) ? value['result'] : value
  if (Array.isArray(inner['tools']))
    return { kind: 'server.surface', part: 'tools', items: inner['tools'].filter(isObject) } as const
  if (Array.isArray(inner['content']))
    return { kind: 'tool.result', tool: 'inspected', args: {}, result: inner } as const
  if (Array.isArray(inner['contents'])) return { kind: 'resource.content', uri: 'inspect:file', result: inner } as const
  if (Array.isArray(inner['messages'])) return { kind: 'prompt.result', prompt: 'inspected', result: inner } as const
  if (kind === 'description' && typeof inner['name'] === 'string')
    return { kind: 'server.surface', part: 'tools', items: [inner] } as const
  return undefined
}

function shown({ verdict, score, findings }: Inspected): JsonObject {
  return { verdict, score, findings: findings.map(({ fix: _, ...finding }) => jsonOf(finding)) }
}

/** A batch says of a text that it passes, not that somebody allowed it. */
const batchWords = { allow: 'pass', ask: 'ask', block: 'block' } as const

function batchLine({ verdict, score, findings }: Inspected, text: string): JsonObject {
  const told = findings.map(finding => ({ ...jsonOf(finding), excerpt: excerptOf(finding, text) }))
  return { verdict: batchWords[verdict], score, findings: told }
}

function jsonOf({ rule, severity, confidence, at, span, facts }: Omit<Finding, 'fix'>): JsonObject {
  return { rule, severity, confidence, at, ...(span === undefined ? {} : { span: [...span] }), facts }
}

function lineOf({ severity, rule, at, facts }: Finding): string {
  const about = Object.entries(facts).map(([name, value]) => `${name}: ${value}`)
  return printable(`  ${severity.padEnd(8)} ${rule}  ${at}  ${about.join(', ')}`).slice(0, 400)
}

function isAtLeast(verdict: VerdictKind, floor: VerdictKind): boolean {
  return !isStricter(floor, verdict)
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function jsonLine(value: JsonObject): string {
  return `${JSON.stringify(value)}\n`
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}
