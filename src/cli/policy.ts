import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { problemLine } from '../config/problem.ts'
import { type Effect, effects } from '../core/capability.ts'
import { explain } from '../policy/explain.ts'
import { runPolicyTests } from '../policy/rehearse.ts'
import { isMessageId, tellDecided } from './decided.ts'
import { loadHere, readHere, say } from './find-config.ts'
import { missingSecrets } from './missing-secrets.ts'
import { permissionProblems } from './permission-problems.ts'
import type { ExitCode } from './program.ts'
import { proveModel } from './prove-model.ts'
import { rehearsedCall } from './rehearsed-call.ts'
import { counted, print, printJson } from './say.ts'

/** `sallyport policy check|test|explain`. */
export function addPolicy(program: Command, done: (code: ExitCode) => void): void {
  const policy = program.command('policy').description('check, test and explain the policy')
  const withConfig = (command: Command) =>
    command.option('-c, --config <file>', 'configuration file').option('--json', 'as JSON')
  withConfig(policy.command('check').description('read the configuration and say what is wrong with it')).action(
    async (wanted: Wanted) => done(await check(wanted)),
  )
  withConfig(policy.command('test').description('run the tests: that stand beside the rules')).action(
    async (wanted: Wanted) => done(await test(wanted)),
  )
  withConfig(
    policy.command('explain').description('say what would be decided of a call, or what was decided of one, and why'),
  )
    .argument('<tool>', 'name of the tool, or the id that a refusal names')
    .option('-s, --server <name>', 'server that has it')
    .option('-e, --effect <effect...>', `what it can do: ${effects.join(', ')}`)
    .option('-l, --label <label...>', 'labels that the session carries: untrusted, secret, …')
    .option('-a, --args <json>', 'arguments of the call')
    .option('--folder <path>', 'folder of the record in which an id is looked up')
    .action(async (tool: string, options: Asked) => done(await tell(tool, options)))
}

type Wanted = { config?: string; json?: boolean }

type Asked = Wanted & {
  server?: string
  effect?: string[]
  label?: string[]
  args?: string
  folder?: string
}

async function check({ config: named, json }: Wanted): Promise<ExitCode> {
  const loaded = await readHere(named, proveModel)
  if (loaded === undefined) return 2
  const problems = loaded.ok ? permissionProblems(loaded.config) : loaded.problems
  const warnings = loaded.ok ? [...loaded.warnings, ...(await missingSecrets(loaded.config))] : []
  const size = loaded.ok ? sizeOf(loaded.config) : {}
  if (json === true) printJson({ isFine: problems.length === 0, ...size, problems, warnings })
  else {
    for (const warning of warnings) say(`warning: ${problemLine(warning)}`)
    for (const problem of problems) say(problemLine(problem))
    if (loaded.ok && problems.length === 0) print(`fine: ${sizeText(loaded.config)}`)
  }
  return problems.length > 0 ? 2 : 0
}

function sizeOf({ servers, policy }: Config) {
  return { servers: servers.size, rules: policy.rules.length, mode: policy.mode }
}

function sizeText(config: Config): string {
  const { servers, rules, mode } = sizeOf(config)
  return `${counted(servers, 'server')}, ${counted(rules, 'rule')}, mode ${mode}`
}

async function test({ config: named, json }: Wanted): Promise<ExitCode> {
  const config = await loadHere(named)
  if (config === undefined) return 2
  const rehearsals = runPolicyTests(config.policy)
  const failed = rehearsals.filter(({ isAsExpected }) => !isAsExpected)
  if (json === true) printJson({ passed: rehearsals.length - failed.length, failed: failed.length, tests: rehearsals })
  else {
    for (const { rule, test: asked, got, because } of failed)
      say(`${rule}: ${JSON.stringify(asked)}: the policy says ${got} (${because.join('; ') || 'no rule spoke'})`)
    print(`${rehearsals.length - failed.length} passed, ${failed.length} failed`)
  }
  return failed.length > 0 ? 1 : 0
}

async function tell(tool: string, asked: Asked): Promise<ExitCode> {
  if (isMessageId(tool)) return tellDecided(tool, asked)
  const config = await loadHere(asked.config)
  if (config === undefined) return 2
  const known = effectsOf(asked.effect)
  if (typeof known === 'string') return wrong(`--effect ${known}: there are ${effects.join(', ')}`)
  const args = argumentsOf(asked.args)
  if (args === undefined) return wrong('--args: not a JSON object')
  const rehearsed = rehearsedCall(config, {
    tool,
    args,
    ...(asked.server === undefined ? {} : { server: asked.server }),
    ...(known === undefined ? {} : { effects: known }),
    ...(asked.label === undefined ? {} : { labels: asked.label }),
  })
  if (!rehearsed.ok) return wrong(rehearsed.reason)
  const { decision, rules } = explain(config.policy, rehearsed.situation)
  if (asked.json === true) printJson({ decision, rules })
  else print(decision.verdict.kind, ...rules.map(({ rule, spoke, why }) => `  ${spoke ? '●' : '○'} ${rule}: ${why}`))
  return 0
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}

/** The effects that were named, or the first word that is none. */
function effectsOf(words: readonly string[] | undefined): readonly Effect[] | string | undefined {
  if (words === undefined) return undefined
  return (
    words.find(word => !effects.some(effect => effect === word)) ?? effects.filter(effect => words.includes(effect))
  )
}

function argumentsOf(text: string | undefined): Record<string, never> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
