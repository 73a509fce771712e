import type { ServerName } from '../core/brand.ts'
import type { Effect } from '../core/capability.ts'
import type { ServerTraits } from '../core/guard.ts'
import type { ValuesOf } from '../core/option.ts'
import type { GuardSettings } from '../core/pipeline.ts'
import type { Policy } from '../policy/compile.ts'
import type { Layer } from '../policy/rule.ts'
import type { ModelConfig } from './model.ts'
import type { Secret } from './secret.ts'
import type { approvalOptions, auditOptions, gatewayOptions, serverOptions, sessionsOptions } from './settings.ts'

/** All that can be set, checked, joined and complete. A value: reload makes a new one and swaps it. */
export type Config = {
  readonly policy: Policy
  readonly servers: ReadonlyMap<ServerName, ServerConfig>
  /** Guard id → all its options, or false. */
  readonly guards: GuardSettings
  readonly principals: ReadonlyMap<string, PrincipalConfig>
  readonly gateway: ValuesOf<typeof gatewayOptions>
  readonly audit: ValuesOf<typeof auditOptions>
  readonly sessions: ValuesOf<typeof sessionsOptions>
  readonly approval: ValuesOf<typeof approvalOptions>
  readonly model: ModelConfig | undefined
  /** The files it was read from; none when everything is a default. */
  readonly sources: readonly ConfigSource[]
}

export type ConfigSource = { readonly path: string; readonly layer: ConfigLayer; readonly sha256: string }
export type ConfigLayer = Exclude<Layer, 'preset'>

export type ServerConfig = {
  readonly name: ServerName
  readonly connect: Connect
  readonly traits: ServerTraits
  readonly settings: ValuesOf<typeof serverOptions>
  /** Tool → effects, where what its name says is wrong. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>
  /** As written: the sandbox owns its meaning. */
  readonly permissions: Readonly<Record<string, unknown>> | undefined
}

/** How a server is reached. Relative paths in the file are absolute here. */
export type Connect =
  | {
      readonly kind: 'command'
      readonly command: readonly [string, ...string[]]
      readonly cwd: string
      readonly env: ReadonlyMap<string, Secret>
    }
  | { readonly kind: 'url'; readonly url: string; readonly headers: ReadonlyMap<string, Secret> }

/** Somebody who may use the gateway. */
export type PrincipalConfig = { readonly role: string; readonly tokens: readonly Secret[] }
