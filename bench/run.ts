/**
 * `npm run bench [name …] [-- --rounds N --full --json]`: measures against what the design promises and prints goal,
 * measured, pass. Ratios are medians of rounds taken in turns; absolute figures say little about another machine.
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Goal, passes, type Scenario } from './goal.ts'
import { audit } from './scenarios/audit.ts'
import { http } from './scenarios/http.ts'
import { inspection } from './scenarios/inspection.ts'
import { memory } from './scenarios/memory.ts'
import { neighbours } from './scenarios/neighbours.ts'
import { policy } from './scenarios/policy.ts'
import { processes } from './scenarios/processes.ts'
import { sandbox } from './scenarios/sandbox.ts'
import { start } from './scenarios/start.ts'
import { stdio } from './scenarios/stdio.ts'
import { trust } from './scenarios/trust.ts'
import { goalTable } from './table.ts'
import { product } from './targets.ts'

const scenarios: Readonly<Record<string, Scenario>> = {
  ...{ stdio, http, neighbours, inspection, policy, audit },
  ...{ memory, processes, start, sandbox, trust },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter(name => !(name in scenarios))
const rounds = Number(values.rounds)
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const wrong =
    unknown.length > 0 ? `no scenario named ${unknown.join(', ')}` : `--rounds ${values.rounds}: not a count`
  process.stderr.write(`${wrong}; there are: ${Object.keys(scenarios).join(', ')}\n`)
  process.exit(2)
}

const say = (line: string) => void process.stderr.write(`${line}\n`)
const wanted = Object.entries(scenarios).filter(([name]) => positionals.length === 0 || positionals.includes(name))
const goals: Goal[] = []
const broken: Record<string, string> = {}
for (const [name, scenario] of wanted) {
  say(`── ${name}: ${scenario.about}`)
  try {
    goals.push(...(await scenario.run({ rounds, isFull: values.full, say })))
  } catch (error) {
    broken[name] = error instanceof Error ? error.message : String(error)
    say(`   ${name} broke off: ${broken[name]}`)
  }
}

const machine = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  load: loadavg().map(load => Number(load.toFixed(1))),
  measured: product.endsWith('.js') ? 'dist' : 'sources',
  rounds,
}
if (values.json) {
  const lines = goals.map(goal => ({ ...goal, pass: passes(goal) }))
  process.stdout.write(`${JSON.stringify({ machine, goals: lines, broken }, undefined, 2)}\n`)
} else {
  const { date, node, cpu, load, measured } = machine
  process.stdout.write(
    `\n${goalTable(goals).join('\n')}\n\n${date}, Node ${node}, ${cpu}, load ${load.join(' ')}, ${measured}\n`,
  )
}
process.exitCode = Object.keys(broken).length > 0 || goals.some(goal => !passes(goal)) ? 1 : 0
