import { homedir } from 'node:os'
import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { explainPermission } from '../sandbox/explain.ts'
import type { Machine } from '../sandbox/machine.ts'
import { type Permission, readPermission } from '../sandbox/permission.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { loadHere, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import type { DriftWish } from './sandbox-drift.ts'
import type { LearnWish } from './sandbox-learn.ts'
import type { ReviewWish } from './sandbox-review.ts'
import { documentFor, isLocal, isTarget, type Local, targets, writtenFor } from './sandbox-target.ts'
import { tiersOf } from './sandbox-tiers.ts'
import { print, printJson } from './say.ts'

type Wanted = { config?: string; json?: boolean; target?: string; image?: string }

/** `sallyport sandbox explain|review|print|learn|drift|probe`. */
export function addSandbox(program: Command, done: (code: ExitCode) => void): void {
  const sandbox = program
    .command('sandbox')
    .description('what servers may touch, what they changed, and what holds them')
  const forServer = (name: string, about: string) =>
    sandbox
      .command(name)
      .description(about)
      .argument('<server>', 'name of a configured server')
      .option('-c, --config <file>', 'configuration file')
      .option('--json', 'as JSON')
  forServer('explain', 'say in words what a server can and cannot do').action(async (name: string, wanted: Wanted) =>
    done(await withServer(name, wanted, explain)),
  )
  forServer('review', 'show what a server changed in copies of its writable folders')
    .option('--apply <change...>', 'take these changes over into the originals: PATH@ID or all@ID, as they are shown')
    .option('--undo <change...>', 'take back changes that were applied: PATH@ID')
    .action(async (name: string, wanted: Wanted & ReviewWish) => {
      const { review } = await import('./sandbox-review.ts')
      done(await withServer(name, wanted, server => review(server.name, wanted)))
    })
  forServer('print', 'write the same permissions for another sandbox')
    .requiredOption('-t, --target <target>', targets.join(', '))
    .option('--image <reference>', 'image of the container, named by its digest (for compose)')
    .action(async (name: string, wanted: Wanted) => done(await withServer(name, wanted, written)))
  addLearning(sandbox, done)
  sandbox
    .command('probe')
    .description('try which sandboxes this machine can hold, and say why not')
    .option('--json', 'as JSON')
    .action(async (wanted: Wanted) => done(probed(await probeMachine({ asksLandlock: true }), wanted)))
}

function addLearning(sandbox: Command, done: (code: ExitCode) => void): void {
  const many = (value: string, before: readonly string[] = []) => [...before, value]
  sandbox
    .command('learn')
    .description(
      'run a server in the sandbox, note what it was refused, and write the smallest document that is enough',
    )
    .argument('<command...>', 'the server and its arguments, after --')
    .option(
      '--calls <file>',
      'calls to play, one a line: {"tool": "name", "arguments": {}} (default: one for each tool)',
    )
    .option('--session', 'let your own client talk to it over this terminal or pipe; needs --out')
    .option('--read <path>', 'given from the start; may be repeated', many)
    .option('--write <path>', 'given from the start, as a copy; may be repeated', many)
    .option('--net <host:port>', 'really reached while learning; may be repeated', many)
    .option('--env <name>', 'a variable of this environment that it gets; may be repeated', many)
    .option('-o, --out <file>', 'write the document there')
    .option('--json', 'as JSON')
    .action(async (command: string[], wish: LearnWish) => {
      const { learn } = await import('./sandbox-learn.ts')
      done(await learn(command, wish))
    })
  sandbox
    .command('drift')
    .description('run a configured server once, and compare what it does with its permission document')
    .argument('<server>', 'name of a configured server')
    .option('-c, --config <file>', 'configuration file')
    .option('--calls <file>', 'calls to play, one a line (default: one for each tool)')
    .option('--json', 'as JSON')
    .action(async (name: string, wanted: Wanted & DriftWish) => {
      const { showDrift } = await import('./sandbox-drift.ts')
      done(await withServer(name, wanted, (server, _, config) => showDrift(server, config, wanted)))
    })
}

async function withServer(
  name: string,
  wanted: Wanted,
  work: (server: Local, wanted: Wanted, config: Config) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const config = await loadHere(wanted.config)
  if (config === undefined) return 2
  const server = [...config.servers.values()].find(known => known.name === name)
  if (server === undefined) return wrong(`no server ${name}; there are ${[...config.servers.keys()].join(', ')}`)
  return isLocal(server)
    ? work(server, wanted, config)
    : wrong(`${name} is reached over the network; only local ones are held`)
}

async function explain(server: Local, { json }: Wanted): Promise<ExitCode> {
  const home = homedir()
  const { document, source, about } = documentFor(server)
  const reading = readPermission(document, { cwd: server.connect.cwd, home })
  if (!reading.ok) {
    for (const { at, text } of reading.problems) say(`servers.${server.name}.permissions.${at}: ${text}`)
    return 2
  }
  const { can, cannot } = explainPermission(withOwnVariables(reading.permission, server))
  if (json === true) return shown({ server: server.name, source, can, cannot })
  const lines = [
    `${server.name} (${source})`,
    ...(about === undefined ? [] : [about]),
    ...['can:', ...indented(can), 'cannot:', ...indented(cannot)],
  ]
  print(...lines)
  if (source !== 'configuration')
    say(`to change it, begin from: sallyport sandbox print ${server.name} --target document`)
  return 0
}

/** The variables that the configuration gives beside the document; of a secret, where it comes from. */
function withOwnVariables(permission: Permission, { connect }: Local): Permission {
  const own = [...connect.env].map(([name, { references }]) => [name, references.map(from => `\${${from}}`).join('')])
  return { ...permission, env: { ...permission.env, ...Object.fromEntries(own) } }
}

async function written(server: Local, { target, image, json }: Wanted): Promise<ExitCode> {
  if (!isTarget(target)) return wrong(`--target ${target}: there are ${targets.join(', ')}`)
  const machine = await probeMachine({ asksEngine: false })
  const inTarget = await writtenFor(server, { target, machine, image })
  if (!inTarget.ok) return wrong(`${server.name}: ${inTarget.reason}. ${inTarget.wayOut}`)
  for (const loss of inTarget.losses) say(`not held by ${target}: ${loss}`)
  if (json === true) return shown({ target, text: inTarget.text, losses: inTarget.losses })
  process.stdout.write(inTarget.text.endsWith('\n') ? inTarget.text : `${inTarget.text}\n`)
  return 0
}

/** The tiers in words: 0 when the strongest can be had, 1 when only a weaker one can. */
function probed(machine: Machine, { json }: Wanted): ExitCode {
  const tiers = tiersOf(machine)
  const [best] = tiers.filter(({ ok }) => ok)
  if (json === true) shown({ best: best?.tier ?? 'none', tiers })
  else for (const { tier, ok, why } of tiers) process.stdout.write(`${ok ? '✓' : '✗'} ${tier.padEnd(10)} ${why}\n`)
  return best?.tier === 'full' ? 0 : 1
}

function indented(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}

function shown(value: object): ExitCode {
  printJson(value)
  return 0
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}
