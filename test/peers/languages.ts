import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program on one SDK that can be a client and a server: it knows the same words in every language. */
export type Peer = {
  readonly name: string
  readonly command: readonly string[]
  /** What its servers are read from, where the sandbox does not find it by the command. */
  readonly reads: readonly string[]
  /** The oldest and the newest revision that its client can be told to speak. */
  readonly revisions: readonly string[]
  /** What `peer KIND PORT` serves: with sessions, without. A third, `json`, cannot ask anything back in most SDKs. */
  readonly kinds: readonly string[]
}

export type Absent = { readonly name: string; readonly absent: string }

const here = dirname(fileURLToPath(import.meta.url))
/** Where everything is built. */
export const builtFolder = join(dirname(dirname(here)), '.cache', 'peers')
const buildMs = 900_000

type Step = readonly [program: string, ...words: string[]]
type Language = Omit<Peer, 'command' | 'reads'> & {
  readonly steps: (folder: string) => readonly Step[]
  readonly command: (folder: string) => readonly string[]
  readonly reads?: (folder: string) => readonly string[]
}

const go = {
  revisions: ['2024-11-05', '2026-07-28'],
  kinds: ['http', 'stateless'],
  steps: (): Step[] => [['go', 'build', '-mod=readonly', '-o', 'peer', '.']],
  command: (folder: string) => [join(folder, 'peer')],
}

const languages: readonly Language[] = [
  { name: 'go', ...go },
  { name: 'mcp-go', ...go, revisions: ['2025-11-25', '2026-07-28'] },
  {
    name: 'rust',
    revisions: ['2025-11-25', '2026-07-28'],
    kinds: ['http', 'stateless'],
    steps: () => [['cargo', 'build', '--jobs', '2']],
    command: folder => [join(folder, 'target', 'debug', 'peer')],
  },
  {
    name: 'java',
    // Over stdio its client speaks the newest it knows, whatever it is told.
    revisions: ['2025-11-25'],
    kinds: ['http'],
    steps: () => [
      ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
      [
        'javac',
        '-nowarn',
        '-encoding',
        'UTF-8',
        '-d',
        'classes',
        '-cp',
        'lib/*',
        'Peer.java',
        'Server.java',
        'Client.java',
      ],
    ],
    command: folder => ['java', '-cp', `${join(folder, 'lib', '*')}:${join(folder, 'classes')}`, 'Peer'],
  },
  {
    name: 'python',
    revisions: ['2024-11-05', '2025-11-25'],
    kinds: ['http', 'stateless'],
    steps: () => [
      ['python3', '-m', 'venv', 'env'],
      [
        join('env', 'bin', 'python'),
        '-m',
        'pip',
        'install',
        '--quiet',
        '--only-binary',
        ':all:',
        '-r',
        'requirements.txt',
      ],
    ],
    command: folder => [join(folder, 'env', 'bin', 'python'), join(folder, 'peer.py')],
    reads: folder => [folder],
  },
]

/** Every peer, built in a folder of its own; or why it cannot be had here. */
export function builtPeers(): readonly (Peer | Absent)[] {
  const wanted = process.env['SALLYPORT_PEERS']?.split(',')
  return languages.filter(({ name }) => wanted === undefined || wanted.includes(name)).map(built)
}

function built({ name, steps, command, reads, ...rest }: Language): Peer | Absent {
  const folder = join(builtFolder, name)
  const why = build(name, folder, steps(folder))
  if (why !== undefined) return { name, absent: why }
  const real = realpathSync(folder)
  return { name, ...rest, command: command(real), reads: reads?.(real) ?? [] }
}

/** Builds once for each state of the sources. */
function build(name: string, folder: string, steps: readonly Step[]): string | undefined {
  const sources = join(here, name)
  const state = readdirSync(sources)
    .sort()
    .map(file => readFileSync(join(sources, file), 'utf8'))
    .join('\0')
  const stamp = join(folder, '.built')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return undefined
  mkdirSync(folder, { recursive: true })
  cpSync(sources, folder, { recursive: true })
  for (const [program, ...words] of steps) {
    const done = spawnSync(program, words, { cwd: folder, encoding: 'utf8', timeout: buildMs, maxBuffer: 2 ** 26 })
    if (done.error !== undefined && 'code' in done.error && done.error.code === 'ENOENT')
      return `${program} is not installed`
    if (done.status !== 0) return `${program} ${words[0]} failed: ${(done.stderr || done.stdout).trim().slice(-400)}`
  }
  writeFileSync(stamp, state)
  return undefined
}
