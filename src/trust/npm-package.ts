import { join } from 'node:path'
import { satisfies, valid, validRange } from 'semver'
import * as z from 'zod'
import { dropUnrun } from './drop-unrun.ts'
import { type FetchPackage, isPackageName } from './npm-fetch.ts'
import { jsonOf, type LaidOut, readLaidOut, treeProblem } from './npm-tree.ts'
import type { PackageFacts, PackageSource, Wish } from './package-store.ts'
import type { StoreRefused } from './store-change.ts'

/** Packages of npm: npm lays them out, and what came is read from the disk. */
export function npmSource(fetch: FetchPackage): PackageSource {
  return {
    ecosystem: 'npm',
    isName: isPackageName,
    install: async (wanted, folder) => {
      const fetched = await fetch(wanted, folder)
      if (!fetched.ok) return fetched
      const facts = factsOf(folder, wanted)
      if (facts.ok) dropUnrun(folder)
      return facts
    },
  }
}

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  scripts: z.record(z.string(), z.unknown()).optional(),
})

function factsOf(staging: string, { name, spec }: Wish): PackageFacts | StoreRefused {
  const own = manifest.safeParse(jsonOf(join(staging, 'node_modules', name, 'package.json')))
  if (!own.success) return refused(`what came for ${name} has no readable package.json`)
  const { version } = own.data
  if (own.data.name !== name || valid(version) !== version || !isWanted(version, spec))
    return refused(`asked for ${name}@${spec}, and got ${own.data.name}@${version}`.slice(0, 300))
  const packages = readLaidOut(staging)
  const integrity = packages.get(`node_modules/${name}`)?.integrity
  const problem = treeProblem(staging, packages)
  if (integrity === undefined || problem !== undefined)
    return refused(problem ?? `the registry gave no hash for ${name}@${version}`)
  const installScripts = [...packages.keys()].filter(path => hasInstallScript(join(staging, path)))
  return { ok: true, name, version, integrity, dependencies: versionsIn(packages), installScripts }
}

/** A registry that is asked for one version and gives another can bring back any flaw that was ever mended. */
function isWanted(version: string, spec: string): boolean {
  return validRange(spec) === null || satisfies(version, spec, { includePrerelease: true })
}

/** Versions by folder. What is loaded under another name than its own is recorded, and looked up, under its own. */
function versionsIn(packages: LaidOut): Record<string, string> {
  return Object.fromEntries(
    [...packages].map(([path, { name, version }]) => [
      path,
      name === undefined ? `${version}` : `npm:${name}@${version}`,
    ]),
  )
}

function refused(reason: string): StoreRefused {
  return { ok: false, reason, wayOut: 'do not use this package, and ask who runs the registry' }
}

function hasInstallScript(folder: string): boolean {
  const read = manifest.partial().safeParse(jsonOf(join(folder, 'package.json')))
  const scripts = read.success ? read.data.scripts : undefined
  return ['preinstall', 'install', 'postinstall'].some(name => scripts?.[name] !== undefined)
}
