import { inspect } from 'node:util'

/**
 * A text that may be or hold a secret. Printing, logging and serialising it show where it comes from and never what it
 * is; only `reveal` does, and only at the moment of use.
 */
export type Secret = {
  reveal(sources: SecretSources): Promise<Revealed>
  toString(): string
  toJSON(): string
  /** The places it is read from, such as `env:API_KEY`; empty when it stands in the file itself. */
  readonly references: readonly string[]
}

export type Revealed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly text: string }

/** Where references are looked up. A missing source refuses with words. */
export type SecretSources = {
  readonly env: Readonly<Record<string, string | undefined>>
  readFile(path: string): Promise<string>
  keyring?(entry: string): Promise<string | undefined>
}

type Part = string | { readonly scheme: 'env' | 'file' | 'keyring'; readonly name: string }

export type SecretResult =
  | { readonly ok: true; readonly secret: Secret }
  | { readonly ok: false; readonly text: string }

const referencesMax = 16

/** Reads `${VAR}`, `${env:VAR}`, `${file:path}` and `${keyring:entry}`; `$${` stands for itself. `resolve` makes paths absolute. */
export function secretOf(text: string, resolve: (path: string) => string): SecretResult {
  const parts: Part[] = []
  let done = 0
  while (done < text.length) {
    const open = text.indexOf('${', done)
    if (open < 0) break
    if (text[open - 1] === '$' && open - 1 >= done) {
      parts.push(`${text.slice(done, open - 1)}\${`)
      done = open + 2
      continue
    }
    const close = text.indexOf('}', open)
    const part = close < 0 ? undefined : partOf(text.slice(open + 2, close), resolve)
    if (part === undefined) return { ok: false, text: wrongReference }
    parts.push(text.slice(done, open), part)
    done = close + 1
  }
  parts.push(text.slice(done))
  const kept = parts.filter(part => part !== '')
  if (kept.length > referencesMax) return { ok: false, text: `has more than ${referencesMax} references` }
  return { ok: true, secret: secretFrom(kept, text.length) }
}

const wrongReference =
  'has a reference that cannot be read; write ${NAME}, ${env:NAME} or ${file:path}, or $${ for the characters'

function partOf(reference: string, resolve: (path: string) => string): Part | undefined {
  const [, scheme = 'env', name = ''] = /^(?:(env|file|keyring):)?([^{}$]{1,512})$/u.exec(reference) ?? []
  if (name === '') return undefined
  if (scheme === 'file') return { scheme, name: resolve(name) }
  if (scheme === 'keyring') return { scheme, name }
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(name) ? { scheme: 'env', name } : undefined
}

function secretFrom(parts: readonly Part[], length: number): Secret {
  const references = parts.flatMap(part => (typeof part === 'string' ? [] : [`${part.scheme}:${part.name}`]))
  const shown = references.length > 0 ? `[secret from ${references.join(', ')}]` : `[text of ${length} characters]`
  const secret = {
    reveal: (sources: SecretSources) => reveal(parts, sources),
    toString: () => shown,
    toJSON: () => shown,
    references,
  }
  Object.defineProperty(secret, inspect.custom, { value: () => shown, enumerable: false })
  return Object.freeze(secret)
}

async function reveal(parts: readonly Part[], sources: SecretSources): Promise<Revealed> {
  let text = ''
  for (const part of parts) {
    const found = typeof part === 'string' ? part : await look(part, sources)
    if (found === undefined && typeof part !== 'string') return { ok: false, text: lacking(part, sources) }
    text += found
  }
  return { ok: true, text }
}

function lacking({ scheme, name }: Exclude<Part, string>, sources: SecretSources): string {
  return scheme === 'keyring' && sources.keyring === undefined
    ? `keyring:${name} cannot be had: no keyring is read here; write it as \${env:NAME} or \${file:path}`
    : `${scheme}:${name} is not there; set it, or point to where it is`
}

async function look({ scheme, name }: Exclude<Part, string>, sources: SecretSources): Promise<string | undefined> {
  if (scheme === 'env') return sources.env[name]
  if (scheme === 'keyring') return sources.keyring?.(name)
  try {
    return (await sources.readFile(name)).replace(/\r?\n$/u, '')
  } catch {
    return undefined
  }
}
