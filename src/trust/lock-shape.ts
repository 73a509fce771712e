import type { LockFile } from './lock-file.ts'

/** What is wrong with a value, and where; undefined when nothing is. */
type Check = (value: unknown, at: string) => string | undefined

/**
 * Why a value is no lock; undefined when it is one. Written by hand, because it is read before every start: a schema
 * library takes longer to load and to warm up than all the rest of the reading.
 */
export function lockProblem(value: unknown): string | undefined {
  return lock(value, '')
}

/** Whether a value has the shape of a lock, with nothing more in it. */
export function isLock(value: unknown): value is LockFile {
  return lockProblem(value) === undefined
}

/** Whether it is a lock in its envelope. */
export function isSealed(value: unknown): value is { readonly seal: string; readonly lock: unknown } {
  return sealed(value, '') === undefined
}

const textMax = 4096

const text: Check = (value, at) =>
  typeof value === 'string' && value.length <= textMax ? undefined : `${at}: a text of at most ${textMax} characters`

const matching =
  (form: RegExp, what: string): Check =>
  (value, at) =>
    typeof value === 'string' && value.length <= textMax && form.test(value) ? undefined : `${at}: ${what}`

const whole =
  (min: number, max: number): Check =>
  (value, at) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `${at}: a whole number from ${min} to ${max}`

const oneOf =
  (...known: readonly unknown[]): Check =>
  (value, at) =>
    known.includes(value) ? undefined : `${at}: one of ${known.join(', ')}`

const list =
  (item: Check, max: number): Check =>
  (value, at) => {
    if (!Array.isArray(value) || value.length > max) return `${at}: a list of at most ${max}`
    for (const [i, each] of value.entries()) {
      const problem = item(each, `${at}.${i}`)
      if (problem !== undefined) return problem
    }
    return undefined
  }

const record =
  (item: Check): Check =>
  (value, at) => {
    if (!isPlain(value)) return `${at}: an object`
    for (const [name, each] of Object.entries(value)) {
      // As a name it would mean the ancestor of all objects somewhere.
      if (name.length > textMax || name === '__proto__') return `${at}: a name that no entry has`
      const problem = item(each, `${at}.${name}`)
      if (problem !== undefined) return problem
    }
    return undefined
  }

/** Exactly these members; those whose names end in a question mark may be missing. */
function shape(members: Readonly<Record<string, Check>>): Check {
  const known = Object.entries(members).map(([name, check]) => ({ name: name.replace('?', ''), check, full: name }))
  const names = new Set(known.map(({ name }) => name))
  return (value, at) => {
    if (!isPlain(value)) return `${at || '(file)'}: an object`
    const stray = Object.keys(value).find(name => !names.has(name))
    if (stray !== undefined) return `${at || '(file)'}: ${stray.slice(0, 100)} is not known here`
    for (const { name, check, full } of known) {
      const isThere = Object.hasOwn(value, name) && value[name] !== undefined
      if (!isThere && full.endsWith('?')) continue
      const problem = check(value[name], at === '' ? name : `${at}.${name}`)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

const anything: Check = () => undefined
const hash = matching(/^sha256-[A-Za-z0-9+/]{43}=$/u, 'a sha256 in base64')
const count = whole(0, Number.MAX_SAFE_INTEGER)
const day: Check = (value, at) => {
  const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z$/u.test(value)
  return isDay && !Number.isNaN(Date.parse(value)) ? undefined : `${at}: a time such as 2026-01-02T03:04:05Z`
}
const namesMax = 100_000
const previousMax = 20
const reviewDaysMax = 3650

const stored = shape({
  ecosystem: oneOf('npm', 'pypi'),
  ...{ name: text, version: text },
  folder: matching(/^[a-z0-9][a-z0-9._-]{0,150}$/u, 'one step of a path'),
  integrity: text,
  files: shape({ digest: hash, count, bytes: count }),
  dependencies: record(text),
  'archives?': record(hash),
  'python?': shape({ program: text, version: text }),
  installScripts: list(text, namesMax),
  publisher: text,
  'publishedAt?': day,
  provenance: oneOf('verified', 'unknown'),
  'source?': text,
  installedAt: day,
  'deeds?': record(list(text, namesMax)),
})

const image = shape({
  repository: text,
  'tag?': text,
  digest: matching(/^sha256:[0-9a-f]{64}$/u, 'sha256: and 64 digits'),
  pinnedAt: day,
})

const server = shape({
  active: text,
  previous: list(text, previousMax),
  'staged?': text,
  ...{ owner: text, why: text, addedAt: day, reviewedAt: day },
  reviewDays: whole(1, reviewDaysMax),
})

const lock = shape({
  version: oneOf(1),
  packages: record(stored),
  'images?': record(image),
  servers: record(server),
})

const sealed = shape({ seal: text, lock: anything })
