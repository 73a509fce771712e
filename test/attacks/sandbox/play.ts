import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeMachine } from '../../../src/sandbox/probe.ts'

const gateway = new URL('gateway.ts', import.meta.url).pathname
export const attackerScript = new URL('attacker.mjs', import.meta.url).pathname

/** Who runs the gateway. Started by root, each attack is tried twice: as root and as somebody ordinary. */
export type Person = {
  readonly name: string
  readonly uid: number
  readonly prefix: readonly string[]
  /** Root that cannot hand its servers to another user, as where only root may make namespaces. */
  readonly staysRoot?: boolean
}

const ordinary = 64_242

export const people: readonly Person[] =
  process.getuid?.() === 0
    ? [
        { name: 'root', uid: 0, prefix: [] },
        { name: 'root that stays root', uid: 0, prefix: [], staysRoot: true },
        {
          name: 'an ordinary user',
          uid: ordinary,
          prefix: ['/usr/bin/setpriv', `--reuid=${ordinary}`, `--regid=${ordinary}`, '--clear-groups'],
        },
      ]
    : [{ name: 'an ordinary user', uid: process.getuid?.() ?? -1, prefix: [] }]

const machine = await probeMachine({ asksEngine: false })
/** Why no sandbox can be attacked here; false where one can. */
export const skip: string | false = machine.bubblewrap.ok
  ? false
  : `no bubblewrap sandbox on this machine: ${machine.bubblewrap.reason}`

const hasCompiler = spawnSync('gcc', ['--version']).status === 0
export const skipC: string | false = skip || (hasCompiler ? false : 'no gcc to build the C attacker with')

const leftovers: string[] = []
process.on('exit', () => {
  for (const path of leftovers) rmSync(path, { recursive: true, force: true })
})

/** A home with a secret, a project, and room for more; owned by the person, gone when the test file ends. */
export function houseOf(person: Person) {
  // Not under /tmp, of which the sandbox has its own: there, everything on the way could be written without harm.
  const root = mkdtempSync(join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'sallyport-attack-'))
  const home = join(root, 'home')
  const project = join(home, 'project')
  mkdirSync(join(home, '.ssh'), { recursive: true })
  mkdirSync(project)
  leftovers.push(root)
  const settle = () => giveTo(root, person.uid)
  return { root, home, project, settle }
}

function giveTo(path: string, uid: number): void {
  if (process.getuid?.() !== 0) return
  execFileSync('chown', ['-hR', `${uid}:${uid}`, path])
  chownSync(path, uid, uid)
  chmodSync(path, 0o755)
}

const built = new Map<string, string>()
/** A static attacker in C, built once. */
export function attackerBinary(name: 'attacker' | 'stowaway' | 'swapper' = 'attacker'): string {
  const known = built.get(name)
  if (known !== undefined) return known
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-attacker-'))
  chmodSync(folder, 0o755)
  leftovers.push(folder)
  const path = join(folder, name)
  execFileSync('gcc', ['-static', '-O1', '-o', path, new URL(`${name}.c`, import.meta.url).pathname])
  built.set(name, path)
  return path
}

export type Event = {
  readonly refused?: string
  readonly wayOut?: string
  readonly started?: number
  readonly tier?: string
  readonly program?: string
  readonly stopped?: string
  readonly ended?: number | string
  readonly losses?: readonly string[]
}

export type Attempt = { readonly name: string; readonly got?: unknown; readonly error?: string }

/** A gateway with one sandboxed server in it. */
export class Play {
  readonly process: ChildProcess
  readonly events: Event[] = []
  readonly lines: string[] = []
  stderr = ''

  constructor(
    person: Person,
    spec: Readonly<Record<string, unknown>>,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const [command = '', ...args] = [
      ...person.prefix,
      process.execPath,
      gateway,
      JSON.stringify({ ...spec, staysRoot: person.staysRoot }),
    ]
    this.process = spawn(command, args, { env: { PATH: '/usr/bin:/bin', ...environment }, stdio: 'pipe' })
    let [out, err] = ['', '']
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (out + text).split('\n')
      out = parts.pop() ?? ''
      this.lines.push(...parts)
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (err + text).split('\n')
      err = parts.pop() ?? ''
      for (const part of parts)
        if (part.startsWith('@@')) this.events.push(JSON.parse(part.slice(2)))
        else this.stderr += `${part}\n`
    })
  }

  ended(): Promise<void> {
    return new Promise(resolve => {
      if (this.process.exitCode !== null) resolve()
      else this.process.once('close', () => resolve())
    })
  }

  /** What the server printed as JSON lines, by attempt. */
  attempts(): ReadonlyMap<string, Attempt> {
    return new Map(this.lines.map(line => JSON.parse(line)).map((attempt: Attempt) => [attempt.name, attempt]))
  }

  event<K extends keyof Event>(name: K): Event[K] | undefined {
    return this.events.find(event => name in event)?.[name]
  }

  async until(what: string, isSo: () => boolean, withinMs = 15_000): Promise<void> {
    const end = Date.now() + withinMs
    while (!isSo()) {
      if (Date.now() > end)
        throw new Error(
          `${what}: not within ${withinMs} ms\n${JSON.stringify(this.events)}\n${this.lines}\n${this.stderr}`,
        )
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}

/** Runs a server to its end. */
export async function play(...args: ConstructorParameters<typeof Play>): Promise<Play> {
  const run = new Play(...args)
  const timer = setTimeout(() => run.process.kill('SIGKILL'), 20_000)
  await run.ended()
  clearTimeout(timer)
  return run
}

/** Processes of this machine whose command line holds the marker. */
export function survivors(marker: string): number[] {
  const own = process.pid
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/u.test(name) && Number(name) !== own)
    .filter(pid => {
      try {
        return existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker)
      } catch {
        return false
      }
    })
    .map(Number)
}
