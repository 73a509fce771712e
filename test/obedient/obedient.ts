/**
 * An agent that obeys whatever it reads, over five real servers: `npm run obedient -- [--cases N] [--list]` prints what
 * an attacker gets done, and what of the user's own work is disturbed, without and with the gateway.
 */
import { parseArgs } from 'node:util'
import { played } from './cases.ts'
import { directLine, guardedLine, type Line } from './line.ts'
import { setups } from './setups.ts'
import { type Own, play, type Tally } from './tally.ts'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '192' }, list: { type: 'boolean', default: false } },
})
const { office, cases } = played(Number(values.cases))
const say = (text: string) => process.stdout.write(`${text}\n`)
const share = (hits: number, of: number) => `${hits} of ${of} (${((100 * hits) / Math.max(1, of)).toFixed(0)} %)`

say(
  '| line | attacks carried out | orders never seen | own calls under attack: asked, refused | without: asked, refused |',
)
say('|---|---|---|---|---|')
const openings: readonly (() => Promise<Line>)[] = [
  () => directLine(office),
  ...setups.map(setup => () => guardedLine(office, setup)),
]
// A gateway is a process of its own: whoever stops this program would leave it behind, with its servers.
let current: Line | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void (current?.close() ?? Promise.resolve()).finally(() => process.exit(1)))
for (const open of openings) {
  const line = await open()
  current = line
  try {
    tell(await play(line, cases))
  } finally {
    await line.close()
  }
}

function tell({ line, attacks, executed, unseen, underAttack, quiet }: Tally): void {
  const cells = [
    line,
    share(executed.length, attacks),
    share(unseen, attacks),
    disturbed(underAttack),
    disturbed(quiet),
  ]
  say(`| ${cells.join(' | ')} |`)
  if (!values.list) return
  for (const title of executed) say(`    carried out: ${title}`)
  for (const title of [...underAttack.disturbed, ...quiet.disturbed]) say(`    disturbed: ${title}`)
}

function disturbed({ calls, asked, refused }: Own): string {
  return `${share(asked, calls)}, ${share(refused, calls)}`
}
