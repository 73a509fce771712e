import * as z from 'zod'
import { effects } from '../core/capability.ts'
import type { Guard } from '../core/guard.ts'
import { presetNames } from '../policy/preset.ts'
import { modes } from '../policy/rule.ts'
import { optionsSchema } from './option-schema.ts'
import { ruleSchema } from './policy-schema.ts'
import {
  approvalOptions,
  auditOptions,
  gatewayOptions,
  modelOptions,
  serverOptions,
  sessionsOptions,
} from './settings.ts'

const text = z.string().max(4096)
const pattern = z.string().min(1).max(256)
const patterns = z.array(pattern).max(256)
/** Names appear in `server__tool`, so they keep to what every client accepts. */
const serverName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,39}$/u)

const toolList = z.strictObject({
  allow: patterns.exactOptional().meta({ description: 'Tools that exist; all when left out. `*` stands for any run' }),
  deny: patterns.exactOptional().meta({ description: 'Tools that do not exist, whatever allow says' }),
})

function serverSchema() {
  return z.strictObject({
    command: z
      .array(text.min(1))
      .min(1)
      .max(256)
      .exactOptional()
      .meta({ description: 'Program and arguments of a local server' }),
    url: z
      .url({ protocol: /^https?$/u, error: 'must be an address that begins with http:// or https://' })
      .max(2048)
      .exactOptional()
      .meta({ description: 'Address of a remote server' }),
    cwd: text.min(1).exactOptional().meta({ description: "Folder it runs in; the file's own when left out" }),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u), text)
      .exactOptional()
      .meta({
        description: 'Its whole environment besides PATH, HOME and LANG; `${env:…}` and `${file:…}` are read',
      }),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/u), text)
      .exactOptional()
      .meta({
        description: 'Headers sent to a remote server; references as in env',
      }),
    permissions: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'What its sandbox lets it do; see docs/sandbox.md' }),
    tools: toolList.exactOptional().meta({ description: 'Which of its tools exist' }),
    effects: z
      .record(pattern, z.array(z.enum(effects)).max(effects.length))
      .exactOptional()
      .meta({ description: 'What a tool can do, where its name says it wrong' }),
    ...optionsSchema(serverOptions).shape,
  })
}

function guardsSchema(guards: readonly Guard[]) {
  const shape = guards.map(({ id, title, options }) => {
    const schema = z.union([z.literal(false), optionsSchema(options)])
    return [id, schema.exactOptional().meta({ description: `${title}; false switches it off` })]
  })
  return z.strictObject(Object.fromEntries(shape)).exactOptional()
}

const defaults = z.strictObject({
  request: z.enum(['allow', 'ask', 'block']).exactOptional().meta({ description: 'Requests that no allow rule names' }),
  unknown: z.enum(['allow', 'ask', 'block']).exactOptional().meta({ description: 'Methods that nobody knows' }),
  harmless: patterns.exactOptional().meta({ description: 'Methods that are known besides calls, reads and prompts' }),
})

const principal = z.strictObject({
  role: z
    .string()
    .min(1)
    .max(64)
    .exactOptional()
    .meta({ description: 'Decides which tools exist; `default` otherwise' }),
  tokens: z.array(text.min(1)).max(16).exactOptional().meta({ description: 'Bearer tokens, as references' }),
})

/** The whole of sallyport.yaml. */
export function configSchema(guards: readonly Guard[]) {
  return z.strictObject({
    version: z.literal(1).meta({ description: 'Version of this format' }),
    mode: z
      .enum(modes)
      .exactOptional()
      .meta({ description: 'observe records, enforce acts, lockdown stops everything' }),
    preset: z.enum(presetNames).exactOptional().meta({ description: 'The rules underneath yours', default: 'careful' }),
    servers: z.record(serverName, serverSchema()).exactOptional().meta({ description: 'MCP servers by name' }),
    policy: z.array(ruleSchema).max(500).exactOptional().meta({ description: 'Your rules; see docs/policy.md' }),
    defaults: defaults.exactOptional().meta({ description: 'What happens where no rule speaks' }),
    guards: guardsSchema(guards).meta({ description: 'Options of guards' }),
    principals: z.record(pattern, principal).exactOptional().meta({ description: 'Who may use the gateway' }),
    gateway: optionsSchema(gatewayOptions).exactOptional().meta({ description: 'The service that clients connect to' }),
    audit: optionsSchema(auditOptions).exactOptional().meta({ description: 'The record' }),
    sessions: optionsSchema(sessionsOptions).exactOptional().meta({ description: 'What pieces of work remember' }),
    model: optionsSchema(modelOptions).exactOptional().meta({ description: 'A larger model that reads along' }),
    approval: optionsSchema(approvalOptions).exactOptional().meta({ description: 'How people are asked' }),
  })
}

/** What a file says, once it fits the schema. */
export type Written = z.infer<ReturnType<typeof configSchema>>
export type WrittenServer = NonNullable<Written['servers']>[string] & {
  readonly [name in keyof typeof serverOptions]?: unknown
}
