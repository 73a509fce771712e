import { engineIn } from '../core/engine-words.ts'

/** Where in the words of a command the image is, and what it is called there; or why no word of it can be held. */
export type EngineRun =
  | { readonly kind: 'image'; readonly at: number; readonly image: string }
  | { readonly kind: 'unreadable'; readonly word: string }
  | { readonly kind: 'unheld'; readonly engine: string; readonly why: string }

/**
 * Finds the image in `docker run …` and `podman run …`; undefined when the command starts nothing by an engine. An option
 * that is not known to take a value or none ends the reading: taken wrongly, its value would be pinned and the real image
 * would not.
 */
export function readEngineRun(command: readonly string[]): EngineRun | undefined {
  const spoken = engineIn(command)
  if (spoken === undefined) return undefined
  const { engine, behind } = spoken
  if (behind !== undefined)
    return { kind: 'unheld', engine, why: `${engine} stands behind ${behind}, whose words are not read` }
  if (engine !== 'docker' && engine !== 'podman')
    return { kind: 'unheld', engine, why: `the words of ${engine} are not read` }
  const verb = skipOptions(command, 1, { flags: globalFlags, valued: globalValued })
  if (verb.kind !== 'word') return verb.kind === 'end' ? undefined : verb
  const first = command[verb.at] === 'container' ? verb.at + 1 : verb.at
  if (command[first] !== 'run') return withoutImage(engine, command[first] ?? '')
  const found = skipOptions(command, first + 1, engine === 'docker' ? dockerRun : podmanRun)
  if (found.kind === 'unreadable') return found
  const image = found.kind === 'word' ? command[found.at] : undefined
  return image === undefined || found.kind !== 'word'
    ? { kind: 'unreadable', word: 'the end, where an image should be' }
    : { kind: 'image', at: found.at, image }
}

const words = (text: string) => new Set(text.split(/\s+/u).filter(Boolean))

// Verbs that start nothing. What is not here counts as starting something: a plugin can be called anything.
const quiet = words(`build builder buildx context cp commit diff events export help history image images import info
  inspect kill load login logout logs ls network pause port prune ps pull push rename rm rmi save search secret stats stop
  system tag top trust unpause update version volume wait`)
const made = words('exec start restart attach')

function withoutImage(engine: string, verb: string): EngineRun | undefined {
  if (made.has(verb))
    return { kind: 'unheld', engine, why: `${verb} names a container, and not the image that it was made of` }
  if (quiet.has(verb) || verb === '') return undefined
  if (verb === 'compose')
    return { kind: 'unheld', engine, why: 'the image is named in a compose file, which is not read' }
  if (verb === 'create')
    return { kind: 'unheld', engine, why: 'create only makes a container; what starts it later names no image' }
  return { kind: 'unheld', engine, why: `what ${engine} ${verb.slice(0, 40)} starts is not known` }
}

type Options = { readonly flags: ReadonlySet<string>; readonly valued: ReadonlySet<string> }
type Skipped =
  | { readonly kind: 'word'; readonly at: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'unreadable'; readonly word: string }

/** Walks over options as the engines do: they end at the first word that is none, or behind `--`. */
function skipOptions(command: readonly string[], from: number, options: Options): Skipped {
  let at = from
  for (; at < command.length; at++) {
    const word = command[at] ?? ''
    if (word === '--') return at + 1 < command.length ? { kind: 'word', at: at + 1 } : { kind: 'end' }
    if (!word.startsWith('-') || word === '-') return { kind: 'word', at }
    const width = word.startsWith('--') ? widthOfLong(word, options) : widthOfShort(word, options)
    if (width === undefined) return { kind: 'unreadable', word }
    at += width - 1
  }
  return { kind: 'end' }
}

/** How many words an option is; undefined when nobody here knows. `--x=y` is one, whatever x means. */
function widthOfLong(word: string, { flags, valued }: Options): number | undefined {
  // It runs a folder: what would be read as the image is a path.
  if (/^--rootfs(?:=|$)/u.test(word)) return undefined
  if (/^--[a-z][a-z0-9-]*=/u.test(word)) return 1
  if (flags.has(word.slice(2))) return 1
  return valued.has(word.slice(2)) ? 2 : undefined
}

/** `-it`, `-eNAME=x`, `-itv /a:/b`: the first letter that takes a value takes the rest, or the next word. */
function widthOfShort(word: string, { flags, valued }: Options): number | undefined {
  const letters = word.slice(1)
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? ''
    const isLast = i === letters.length - 1
    if (valued.has(letter)) return isLast ? 2 : 1
    if (!flags.has(letter)) return undefined
    if (letters[i + 1] === '=') return 1
  }
  return 1
}

const globalFlags = words('D debug tls tlsverify')
const globalValued = words('H host c context config l log-level tlscacert tlscert tlskey')

const sharedFlags = `i t d P interactive tty detach publish-all rm init privileged read-only no-healthcheck
  oom-kill-disable sig-proxy q quiet`
const sharedValued = `a attach c cpu-shares e env h hostname l label m memory p publish u user v volume w workdir
  add-host annotation blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period
  cpu-quota cpu-rt-period cpu-rt-runtime cpus cpuset-cpus cpuset-mems detach-keys device device-cgroup-rule
  device-read-bps device-read-iops device-write-bps device-write-iops dns dns-option dns-search entrypoint env-file expose
  gpus group-add health-cmd health-interval health-retries health-start-interval health-start-period health-timeout ip ip6 ipc label-file
  log-driver log-opt mac-address memory-reservation memory-swap memory-swappiness mount name network network-alias
  oom-score-adj pid pids-limit platform restart runtime security-opt shm-size stop-signal stop-timeout storage-opt
  sysctl tmpfs ulimit userns uts volumes-from`

const dockerRun: Options = {
  flags: words(`${sharedFlags} disable-content-trust`),
  valued: words(`${sharedValued} dns-opt domainname isolation kernel-memory link link-local-ip net net-alias pull
    volume-driver`),
}
const podmanRun: Options = {
  flags: words(`${sharedFlags} env-host http-proxy no-hosts replace rmi`),
  valued: words(`${sharedValued} arch authfile gidmap net os pod secret timeout tz uidmap umask variant`),
}
