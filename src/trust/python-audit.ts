import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTree, type TreeFile } from './file-tree.ts'
import { pythonFactsOf } from './python-facts.ts'
import { pypiName } from './python-start.ts'
import { auditOf, type SourceAudit } from './source-audit.ts'
import type { Fact } from './source-facts.ts'

const limits = { files: 50_000, bytes: 1024 * 1024 * 1024, depth: 40 } as const
const fileBytesMax = 4 * 1024 * 1024
const modulesMax = 3000
const recordBytesMax = 8 * 1024 * 1024

/**
 * Reads every Python file of one package among the wheels that were unpacked into a folder. What the records of the other
 * packages do not name counts as its own, so that leaving a file out of one's own record hides nothing.
 */
export function auditPython(site: string, name: string): SourceAudit {
  const tree = readTree(site, limits)
  if (!tree.ok) return auditOf([], { notInspected: [tree.reason], imports: [], files: 0 })
  const owners = ownersOf(site, tree.files, name)
  const foreign = new Set([...owners].filter(([, owner]) => owner !== pypiName(name)).map(([path]) => path))
  const own = tree.files.filter(({ path }) => !foreign.has(path) && !/(?:^|\/)__pycache__\//u.test(path))
  const scripts = own.filter(({ path, size }) => /\.pyw?$/u.test(path) && size <= fileBytesMax)
  const large = own.filter(({ path, size }) => /\.pyw?$/u.test(path) && size > fileBytesMax)
  const read = scripts.slice(0, modulesMax)
  const modules = read.map(({ path }) => pythonFactsOf(readFileSync(join(site, path), 'utf8'), path))
  const unread = scripts.length - read.length
  return auditOf([...modules.flatMap(({ facts }) => facts), ...own.flatMap(({ path }) => fileFacts(path))], {
    files: read.length,
    notInspected: [
      ...large.map(({ path }) => `${path} is too large`),
      ...(unread > 0 ? [`${unread} more modules`] : []),
    ],
    imports: [...new Set(owners.values())].filter(owner => owner !== pypiName(name)),
  })
}

/** Whose each recorded file is. What two packages name is the server's own where it is one of them: it answers for more. */
export function ownersOf(site: string, files: readonly TreeFile[], own: string): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const records = files.flatMap(({ path, size }) => {
    const [, owner] = /^([^/]+)-[^/-]+\.dist-info\/RECORD$/u.exec(path) ?? []
    return owner === undefined || size > recordBytesMax ? [] : [{ path, owner: pypiName(owner) }]
  })
  for (const { path, owner } of records)
    for (const each of recorded(join(site, path)))
      if (!owners.has(each) || owner === pypiName(own)) owners.set(each, owner)
  return owners
}

/** The paths of a RECORD, which is a table with the path in front; a path with a comma in it stands in quotes. */
function recorded(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/u)
    .flatMap(line => /^(?:"((?:[^"]|"")+)"|([^",]+)),/u.exec(line)?.slice(1).find(Boolean) ?? [])
    .map(found => found.replaceAll('""', '"'))
}

function fileFacts(path: string): Fact[] {
  if (/\.(?:so|pyd|dylib|dll)(?:\.|$)/u.test(path))
    return [{ kind: 'native', what: 'machine code, which cannot be read as source', file: path, line: 0 }]
  if (/\.pyc$/u.test(path))
    return [{ kind: 'native', what: 'compiled code, which cannot be read as source', file: path, line: 0 }]
  // Python runs these before anything else, where somebody starts it in the ordinary way.
  return /^[^/]+\.pth$|(?:^|\/)(?:sitecustomize|usercustomize)\.py$/u.test(path)
    ? [{ kind: 'install-script', what: 'runs whenever this Python starts, used or not', file: path, line: 0 }]
    : []
}
