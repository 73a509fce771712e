import type { Guard } from '../core/guard.ts'
import { defaultsOf } from '../core/option.ts'
import { defaultPreset, type PresetName, presetPolicy } from '../policy/preset.ts'
import type { Config } from './config.ts'
import { approvalOptions, auditOptions, gatewayOptions, sessionsOptions } from './settings.ts'

/** The configuration when nobody wrote one. Loads neither a schema library nor YAML: a wrapped server starts at once. */
export function defaultConfig(guards: readonly Guard[], preset: PresetName = defaultPreset): Config {
  return {
    policy: presetPolicy(preset),
    servers: new Map(),
    guards: Object.fromEntries(guards.map(({ id, options }) => [id, defaultsOf(options)])),
    principals: new Map(),
    gateway: defaultsOf(gatewayOptions),
    audit: defaultsOf(auditOptions),
    sessions: defaultsOf(sessionsOptions),
    approval: defaultsOf(approvalOptions),
    model: undefined,
    sources: [],
  }
}
