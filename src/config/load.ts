import { dirname, resolve } from 'node:path'
import { classifyAddress } from '../core/address.ts'
import type { ServerName } from '../core/brand.ts'
import type { Guard } from '../core/guard.ts'
import { valuesOf } from '../core/option.ts'
import { type CompileResult, compilePolicy, needsConditions } from '../policy/compile.ts'
import { loadConditions } from '../policy/condition.ts'
import { joinLayers } from '../policy/layer.ts'
import type { Config, ConfigLayer, ConfigSource, PrincipalConfig, ServerConfig } from './config.ts'
import { type Document, readDocument } from './document.ts'
import { readConfigFile } from './file.ts'
import { type Complain, faultsOf, withDictionaries } from './guard-options.ts'
import { problemsOf } from './issue.ts'
import { guardSettings, type Joined, joinParts, type Part } from './join.ts'
import { type ModelConfig, modelOf, type ProveModel } from './model.ts'
import { modelFileFaults } from './model-file.ts'
import { plainHttpWarning } from './plain-http.ts'
import { type Path, type Problem, pathText } from './problem.ts'
import { configSchema } from './schema.ts'
import { type Secret, secretOf } from './secret.ts'
import { serverOf } from './server.ts'
import { approvalOptions, auditOptions, gatewayOptions, sessionsOptions } from './settings.ts'

/** A file to read, and on whose behalf it speaks. A file that somebody names on a command line is the user's. */
export type ConfigFile = { readonly path: string; readonly layer: ConfigLayer }

export type Loaded =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** One file's text, for callers that have it already. */
export type ConfigText = ConfigFile & { readonly text: string; readonly sha256?: string }

/** Reads configuration files, checks them and joins them; nothing of a bad file is used. */
export async function loadConfig(
  files: readonly ConfigFile[],
  guards: readonly Guard[],
  prove?: ProveModel,
): Promise<Loaded> {
  const read = await Promise.all(files.map(async file => ({ file, got: await readConfigFile(file.path, file.layer) })))
  const problems = read.flatMap(({ file, got }) => (got.ok ? [] : [fileProblem(file.path, got.text)]))
  if (problems.length > 0) return { ok: false, problems }
  return configOf(
    read.flatMap(({ file, got }) => (got.ok ? [{ ...file, ...got }] : [])),
    guards,
    prove,
  )
}

function fileProblem(file: string, text: string): Problem {
  return { file, line: 1, column: 1, at: '', text }
}

/** The same from texts. */
export async function configOf(
  texts: readonly ConfigText[],
  guards: readonly Guard[],
  prove?: ProveModel,
): Promise<Loaded> {
  const parsed = texts.map(text => parse(text, guards))
  const problems = parsed.flatMap(one => (one.ok ? [] : one.problems))
  if (problems.length > 0) return { ok: false, problems }
  const sheets = parsed.flatMap(one => (one.ok ? [one.sheet] : [])).sort((a, b) => rank[a.layer] - rank[b.layer])
  const twin = sheets.find((sheet, index) => sheets[index - 1]?.layer === sheet.layer)
  if (twin)
    return { ok: false, problems: [fileProblem(twin.path, `is a second file of the ${twin.layer}; there can be one`)] }
  return assemble(sheets, guards, prove)
}

const rank: Readonly<Record<ConfigLayer, number>> = { organisation: 0, user: 1, project: 2 }

/** A part with the document it was read from, so that complaints find their line. */
type Sheet = Part & { readonly document: Document; readonly sha256: string }

type Parsed =
  | { readonly ok: true; readonly sheet: Sheet }
  | { readonly ok: false; readonly problems: readonly Problem[] }

function parse({ path, layer, text, sha256 = '' }: ConfigText, guards: readonly Guard[]): Parsed {
  const read = readDocument(text, path)
  if (!read.ok) return read
  const schema = configSchema(guards)
  const fits = schema.safeParse(read.document.value)
  if (!fits.success)
    return { ok: false, problems: problemsOf(fits.error, schema, { document: read.document, file: path }) }
  return { ok: true, sheet: { path, layer, written: fits.data, document: read.document, sha256 } }
}

async function assemble(
  sheets: readonly Sheet[],
  guards: readonly Guard[],
  prove: ProveModel | undefined,
): Promise<Loaded> {
  const { joined, problems } = joinParts(sheets, guards)
  const found: Problem[] = problems.map(({ part, path, text }) => problemAt(sheets, part.layer, { path, text }))
  const policy = await policyOf(sheets, found)
  const servers = serversOf(joined, sheets, found)
  const principals = principalsOf(joined, sheets, found)
  const complain = complaintsIn(sheets, found)
  const settings = guardSettings(await withDictionaries(joined.guards, guards, complain), guards)
  faultsOf(settings, guards, complain)
  const model = await modelIn(joined, complain)
  const gateway = valuesOf(gatewayOptions, joined.gateway)
  if (!gateway.requireToken && !isLoopback(gateway.host)) found.push(openDoor(sheets))
  // Last, and only where the rest is right: it takes seconds to run a model.
  if (found.length === 0 && model?.onnx !== undefined)
    for (const { path, text } of (await prove?.(model)) ?? []) complain.about(['model', ...path], text)
  if (found.length > 0 || !policy.ok) return { ok: false, problems: found }
  const config: Config = {
    policy: policy.policy,
    servers,
    guards: settings,
    principals,
    gateway,
    audit: auditOf(joined, complain),
    sessions: valuesOf(sessionsOptions, joined.sessions),
    approval: valuesOf(approvalOptions, joined.approval),
    model,
    sources: sheets.map(({ path, layer, sha256 }): ConfigSource => ({ path, layer, sha256 })),
  }
  const ofRules = policy.warnings.map(({ layer, index, at, text }) =>
    problemAt(sheets, layer, { path: ['policy', index, ...at], text }),
  )
  const warnings = [...ofRules, ...serverWarnings(servers, sheets)]
  return { ok: true, config, warnings }
}

async function modelIn(joined: Joined, complain: Complain): Promise<ModelConfig | undefined> {
  const { model, faults } = modelOf(joined.model, (path, option) =>
    resolve(complain.folderOf(['model', ...option]), path),
  )
  const files = faults.length === 0 && model?.onnx !== undefined ? await modelFileFaults(model.onnx) : []
  for (const { path, text } of [...faults, ...files]) complain.about(['model', ...path], text)
  return model
}

/** The folder is one for all who start a gateway with this file, wherever they stand. */
function auditOf(joined: Joined, { folderOf }: Complain): Config['audit'] {
  const audit = valuesOf(auditOptions, joined.audit)
  return audit.folder === '' ? audit : { ...audit, folder: resolve(folderOf(['audit', 'folder']), audit.folder) }
}

/** Complaints about a guard's option go to the file that set it, else to the strongest. */
function complaintsIn(sheets: readonly Sheet[], found: Problem[]): Complain {
  const writerOf = (path: Path) => sheets.findLast(({ document }) => document.has(path)) ?? sheets[0]
  return {
    about: (path, text) => void found.push(problemAt(sheets, writerOf(path)?.layer ?? 'user', { path, text })),
    folderOf: path => dirname(resolve(writerOf(path)?.path ?? '.')),
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || classifyAddress(host) === 'loopback'
}

function openDoor(sheets: readonly Sheet[]): Problem {
  const sheet = sheets.find(({ written }) => written.gateway?.['requireToken'] === false)
  const text = 'must stay true while the gateway listens on an address that others can reach'
  return problemAt(sheets, sheet?.layer ?? 'user', { path: ['gateway', 'requireToken'], text })
}

function problemAt(sheets: readonly Sheet[], layer: string, { path, text }: { path: Path; text: string }): Problem {
  const sheet = sheets.find(one => one.layer === layer) ?? sheets[0]
  const place = sheet?.document.placeOf(path) ?? { line: 1, column: 1 }
  return { file: sheet?.path ?? '', ...place, at: pathText(path), text }
}

async function policyOf(sheets: readonly Sheet[], found: Problem[]): Promise<CompileResult> {
  const { source, problems } = joinLayers(
    sheets.map(({ layer, written: { mode, preset, defaults, policy = [] } }) => ({
      ...{ layer, mode, preset, defaults },
      rules: policy,
    })),
  )
  for (const { layer, path, text } of problems) found.push(problemAt(sheets, layer, { path, text }))
  const compiled = compilePolicy(source, needsConditions(source) ? await loadConditions() : undefined)
  if (!compiled.ok)
    for (const { layer, index, at, text } of compiled.problems)
      found.push(problemAt(sheets, layer, { path: ['policy', index, ...at], text }))
  return compiled
}

function serversOf(joined: Joined, sheets: readonly Sheet[], found: Problem[]): ReadonlyMap<ServerName, ServerConfig> {
  const servers = new Map<ServerName, ServerConfig>()
  for (const [name, written] of joined.servers) {
    const made = serverOf(name, written)
    if (made.ok) servers.set(made.server.name, made.server)
    else for (const problem of made.problems) found.push(problemAt(sheets, written.from.layer, problem))
  }
  return servers
}

function serverWarnings(servers: Config['servers'], sheets: readonly Sheet[]): readonly Problem[] {
  const told: Problem[] = []
  const complain = complaintsIn(sheets, told)
  for (const server of servers.values()) {
    const text = plainHttpWarning(server)
    if (text !== undefined) complain.about(['servers', server.name, 'url'], text)
  }
  return told
}

function principalsOf(joined: Joined, sheets: readonly Sheet[], found: Problem[]): Config['principals'] {
  const principals = new Map<string, PrincipalConfig>()
  for (const [name, { role = 'default', tokens = [] }] of Object.entries(joined.principals)) {
    const sheet = sheets.find(({ written }) => Object.hasOwn(written.principals ?? {}, name))
    const secrets: Secret[] = []
    for (const [index, text] of tokens.entries()) {
      const made = secretOf(text, path => resolve(dirname(sheet?.path ?? '.'), path))
      if (made.ok && made.secret.references.length > 0) secrets.push(made.secret)
      else {
        const why = made.ok ? 'must be a reference such as ${file:token}, never the token itself' : made.text
        found.push(
          problemAt(sheets, sheet?.layer ?? 'user', { path: ['principals', name, 'tokens', index], text: why }),
        )
      }
    }
    principals.set(name, { role, tokens: secrets })
  }
  return principals
}
