/** An image as a command names it, in the parts that an engine would see. */
export type ImageReference = {
  /** As it was written, without tag and digest. */
  readonly name: string
  /** In full: `docker.io/library/node`, so that two spellings of one repository are one. */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string | undefined
}

const charactersMax = 512
const nameMax = 255

/** Reads `registry:port/path/name:tag@sha256:…`; undefined for anything that two engines could read differently. */
export function readImage(text: string): ImageReference | undefined {
  if (text.length > charactersMax) return undefined
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  if (digest !== undefined && !isDigest(digest)) return undefined
  const rest = at < 0 ? text : text.slice(0, at)
  // A colon before the last slash belongs to the port of a registry.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  const tag = colon < 0 ? undefined : rest.slice(colon + 1)
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/u.test(tag)) return undefined
  const name = colon < 0 ? rest : rest.slice(0, colon)
  const repository = repositoryOf(name)
  return repository === undefined ? undefined : { name, repository, tag, digest }
}

/** Whether it is a whole sha256 digest; no other algorithm is taken. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/u.test(text)
}

function repositoryOf(name: string): string | undefined {
  // Bare digests name an image by its ID, which is another hash than that of the manifest.
  if (name.length > nameMax || /^[0-9a-f]{64}$/u.test(name)) return undefined
  const [first = '', ...others] = name.split('/')
  const isRegistry = others.length > 0 && (/[.:]/u.test(first) || first === 'localhost')
  const path = isRegistry ? others : [first, ...others]
  if (!path.every(isPart)) return undefined
  if (!isRegistry) return onHub(path)
  if (!/^[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?$/u.test(first) || /\.\.|[.-]:|[.-]$/u.test(first)) return undefined
  return first === 'docker.io' || first === 'index.docker.io' ? onHub(path) : `${first}/${path.join('/')}`
}

function onHub(path: readonly string[]): string {
  return `docker.io/${path.length === 1 ? 'library/' : ''}${path.join('/')}`
}

/** Letters and digits, with one separator between them: a point, one or two underscores, or dashes. */
function isPart(part: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/u.test(part) && !/[._-]$|\.[._-]|_[.-]|-[._]|___/u.test(part)
}
