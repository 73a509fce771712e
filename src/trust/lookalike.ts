import { editDistance } from './edit-distance.ts'
import { listVersion, officialNpm, officialPypi, officialScopes, popularNpm, popularPypi } from './known-list.ts'
import { eyeForm, partsOf, skeletonOf, tokensOf } from './name-skeleton.ts'

export type Ecosystem = 'npm' | 'pypi'

/** What a package name is, as far as can be said without asking anybody. */
export type NameCheck = {
  readonly name: string
  readonly verdict: 'official' | 'known' | 'unknown' | 'lookalike'
  /** The package that the name is or resembles. */
  readonly of: string | undefined
  readonly why: string
}

const nameCharsMax = 300

/** Compares a name with the list of official and popular servers. Needs no network, no disk and no clock. */
export function checkName(name: string, ecosystem: Ecosystem = 'npm'): NameCheck {
  if (name === '' || name.length > nameCharsMax)
    return { name: name.slice(0, nameCharsMax), verdict: 'unknown', of: undefined, why: 'not a package name' }
  const plain = ecosystem === 'pypi' ? name.toLowerCase().replaceAll(/[-_.]+/gu, '-') : name
  const official = ecosystem === 'npm' ? officialSet : officialPypiSet
  if (official.has(plain))
    return { name, verdict: 'official', of: plain, why: `on the list of official servers, ${listVersion}` }
  const popular = ecosystem === 'npm' ? popularSet : popularPypiSet
  if (popular.has(plain))
    return { name, verdict: 'known', of: plain, why: `on the list of much used servers, ${listVersion}` }
  const found = likeOfficial(plain, ecosystem) ?? likePopular(plain, ecosystem)
  if (found !== undefined) return { name, verdict: 'lookalike', ...found }
  const { scope } = partsOf(plain)
  const why = officialScopes.includes(`@${scope}`)
    ? 'in the scope of the maintainers, but not on our list: it does not exist, or is new'
    : 'on no list; nothing is known for or against it'
  return { name, verdict: 'unknown', of: undefined, why }
}

type Like = { readonly of: string; readonly why: string }
type Reference = {
  readonly name: string
  readonly scope: string
  readonly body: string
  readonly skeleton: string
  readonly bodySkeleton: string
  readonly words: string
  /** What the name becomes when its scope is dropped or flattened into it. */
  readonly flat: readonly string[]
}

// A body such as `client` or `server` says nothing alone: many scopes have one.
const wordsMin = 2
const shortChars = 10

const references: Readonly<Record<Ecosystem, readonly Reference[]>> = {
  npm: officialNpm.map(referenceOf),
  pypi: officialPypi.filter(name => name.includes('-')).map(referenceOf),
}
const everyOfficial = [...references.npm, ...references.pypi]
const officialSet = new Set(officialNpm)
const officialPypiSet = new Set(officialPypi)
const popularSet = new Set(popularNpm)
const popularPypiSet = new Set(popularPypi)
const popular = {
  npm: popularNpm.map(name => ({ name, skeleton: skeletonOf(name) })),
  pypi: popularPypi.map(name => ({ name, skeleton: skeletonOf(name) })),
}

function referenceOf(name: string): Reference {
  const { scope, body } = partsOf(name)
  const tokens = tokensOf(body)
  const isTelling = tokens.length >= wordsMin && (scope === '' || tokens[0] === 'server' || tokens[0] === 'inspector')
  const stems = isTelling ? [body, `mcp-${body}`, `modelcontextprotocol-${body}`, `mcp-${body}-mcp`, `${body}-mcp`] : []
  const flat = scope === '' ? [name] : [...stems, `modelcontextprotocol-${body}`]
  return {
    name,
    scope,
    body,
    skeleton: skeletonOf(name),
    bodySkeleton: skeletonOf(body),
    words: tokens.toSorted().join(' '),
    flat: [...new Set(flat.map(skeletonOf))],
  }
}

function likeOfficial(name: string, ecosystem: Ecosystem): Like | undefined {
  const { scope, body } = partsOf(eyeForm(name))
  const skeleton = skeletonOf(name)
  const same = everyOfficial.find(each => each.skeleton === skeleton)
  if (same) return { of: same.name, why: `looks the same as ${same.name}, and is written with other characters` }
  if (scope !== '') return likeScoped({ scope, body })
  return likeFlat(name, ecosystem)
}

/** `@modelcontextprotocl/server-memory`, `@modelcontextprotocol/server-memroy`, `@mcp/server-memory`. */
function likeScoped({ scope, body }: { scope: string; body: string }): Like | undefined {
  const ours = 'modelcontextprotocol'
  const bodySkeleton = skeletonOf(body)
  const isOurs = scope === ours
  if (!isOurs && isLikeScope(scope)) {
    const near = nearestBody(bodySkeleton) ?? references.npm[0]
    return { of: near?.name ?? `@${ours}`, why: `the scope @${scope} resembles @${ours}` }
  }
  if (isOurs) {
    const near = nearestBody(bodySkeleton)
    if (near) return { of: near.name, why: `resembles ${near.name}, and the list has no such package in this scope` }
    const words = tokensOf(body).toSorted().join(' ')
    const stripped = bare(body)
    const shuffled = references.npm.find(each => each.words === words || each.words === stripped)
    if (shuffled) return { of: shuffled.name, why: `has the words of ${shuffled.name} in another order` }
    return undefined
  }
  const borrowed = references.npm.find(each => each.flat.includes(bodySkeleton) && each.body.startsWith('server-'))
  const isShort = /^(?:mcp|model-?context|mcp-?official|mcp-?servers?|anthropics?|claude|official)$/u.test(scope)
  if (borrowed && isShort) return { of: borrowed.name, why: `the name of ${borrowed.name} in the scope @${scope}` }
  return undefined
}

function isLikeScope(scope: string): boolean {
  const skeleton = skeletonOf(scope)
  const ours = skeletonOf('modelcontextprotocol')
  if (editDistance(skeleton, ours, 3) <= 3) return true
  const words = scope.replaceAll('-', '')
  return /^(?:model|context|protocol|mcp|s|official|the|org|io|ai)+$/u.test(words) && words.length > 14
}

function nearestBody(skeleton: string): Reference | undefined {
  return references.npm.find(each => {
    const most = each.bodySkeleton.length < shortChars ? 1 : 2
    return editDistance(skeleton, each.bodySkeleton, most) <= most
  })
}

/** The words without what squatters put around a name. */
function bare(text: string): string {
  return tokensOf(text)
    .filter(token => !affixes.has(token))
    .toSorted()
    .join(' ')
}

const affixes = new Set(
  'js ts node nodejs npm py python official real original new latest next beta v1 v2 pro plus cli app lib pkg dev the my fixed patched secure safe free test mcp modelcontextprotocol anthropic anthropics claude'.split(
    ' ',
  ),
)

/** `mcp-server-filesystem`, `modelcontextprotocol-server-memory`, `mcp-server-fetch-official`. */
function likeFlat(name: string, ecosystem: Ecosystem): Like | undefined {
  const skeleton = skeletonOf(name)
  const stripped = skeletonOf(
    tokensOf(name)
      .filter(token => !affixes.has(token))
      .join('-'),
  )
  for (const each of ecosystem === 'npm' ? everyOfficial : references.pypi.concat(references.npm)) {
    if (each.flat.includes(skeleton)) return { of: each.name, why: `is ${each.name} without its scope` }
    if (each.scope !== '' && each.body.startsWith('server-') && stripped === each.bodySkeleton)
      return { of: each.name, why: `is ${each.name} with words put around it` }
    const near = each.flat.find(form => isNear(skeleton, form))
    if (near !== undefined) return { of: each.name, why: `differs from ${each.name} by a slip of the keyboard` }
  }
  return undefined
}

function isNear(skeleton: string, form: string): boolean {
  const most = form.length < shortChars ? 0 : form.length < 16 ? 1 : 2
  return editDistance(skeleton, form, most) <= most
}

/** Popular names only count when the eye cannot tell the difference: their authors' neighbours have honest names too. */
function likePopular(name: string, ecosystem: Ecosystem): Like | undefined {
  const skeleton = skeletonOf(name)
  const same = popular[ecosystem].find(each => each.skeleton === skeleton && each.name !== name)
  return same && { of: same.name, why: `looks the same as ${same.name}, and is written with other characters` }
}
