import type { Command } from 'commander'
import { effects } from '../core/capability.ts'
import { explain } from '../policy/explain.ts'
import { runPolicyTests } from '../policy/rehearse.ts'
import { situationOf } from '../policy/situation.ts'
import { isMessageId, tellDecided } from './decided.ts'
import { loadHere, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { print } from './say.ts'

/** `sallyport policy check|test|explain`. */
export function addPolicy(program: Command, done: (code: ExitCode) => void): void {
  const policy = program.command('policy').description('check, test and explain the policy')
  const withConfig = (command: Command) => command.option('-c, --config <file>', 'configuration file')
  withConfig(policy.command('check').description('read the configuration and say what is wrong with it')).action(
    async ({ config }: { config?: string }) => done(await check(config)),
  )
  withConfig(policy.command('test').description('run the tests: that stand beside the rules')).action(
    async ({ config }: { config?: string }) => done(await test(config)),
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
    .option('--json', 'as JSON')
    .action(async (tool: string, options: Asked) => done(await tell(tool, options)))
}

type Asked = {
  config?: string
  server?: string
  effect?: string[]
  label?: string[]
  args?: string
  folder?: string
  json?: boolean
}

async function check(named: string | undefined): Promise<ExitCode> {
  const config = await loadHere(named)
  if (config === undefined) return 2
  process.stdout.write(
    `fine: ${config.servers.size} servers, ${config.policy.rules.length} rules, mode ${config.policy.mode}\n`,
  )
  return 0
}

async function test(named: string | undefined): Promise<ExitCode> {
  const config = await loadHere(named)
  if (config === undefined) return 2
  const rehearsals = runPolicyTests(config.policy)
  const failed = rehearsals.filter(({ isAsExpected }) => !isAsExpected)
  for (const { rule, test: asked, got, because } of failed)
    say(`${rule}: ${JSON.stringify(asked)}: the policy says ${got} (${because.join('; ') || 'no rule spoke'})`)
  process.stdout.write(`${rehearsals.length - failed.length} passed, ${failed.length} failed\n`)
  return failed.length > 0 ? 1 : 0
}

async function tell(tool: string, asked: Asked): Promise<ExitCode> {
  if (isMessageId(tool)) return tellDecided(tool, asked)
  const config = await loadHere(asked.config)
  if (config === undefined) return 2
  const known = effects.filter(effect => asked.effect?.includes(effect))
  const args = argumentsOf(asked.args)
  if (args === undefined) {
    say('--args: not a JSON object')
    return 2
  }
  const situation = situationOf({
    tool,
    args,
    ...(asked.server === undefined ? {} : { server: asked.server }),
    ...(asked.effect === undefined ? {} : { effects: known }),
    ...(asked.label === undefined ? {} : { labels: asked.label }),
  })
  const { decision, rules } = explain(config.policy, situation)
  if (asked.json === true) process.stdout.write(`${JSON.stringify({ decision, rules }, null, 2)}\n`)
  else print(decision.verdict.kind, ...rules.map(({ rule, spoke, why }) => `  ${spoke ? '●' : '○'} ${rule}: ${why}`))
  return 0
}

function argumentsOf(text: string | undefined): Record<string, never> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
