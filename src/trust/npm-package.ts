import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { valid } from 'semver'
import * as z from 'zod'
import { dropUnrun } from './drop-unrun.ts'
import { type FetchPackage, isPackageName } from './npm-fetch.ts'
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
const lockPackage = z.object({ version: z.string().optional(), integrity: z.string().optional() })
const npmLock = z.object({ packages: z.record(z.string(), lockPackage) })

function factsOf(staging: string, { name }: Wish): PackageFacts | StoreRefused {
  const wayOut = 'do not use this package, and ask who runs the registry'
  const own = manifest.safeParse(jsonOf(join(staging, 'node_modules', name, 'package.json')))
  if (!own.success) return { ok: false, reason: `what came for ${name} has no readable package.json`, wayOut }
  if (own.data.name !== name || valid(own.data.version) === null)
    return {
      ok: false,
      reason: `asked for ${name}, and got ${own.data.name}@${own.data.version}`.slice(0, 300),
      wayOut,
    }
  const lock = npmLock.safeParse(jsonOf(join(staging, 'package-lock.json')))
  const packages = lock.success ? lock.data.packages : {}
  const entry = packages[`node_modules/${name}`]
  if (entry?.integrity === undefined || entry.version !== own.data.version)
    return { ok: false, reason: `the registry gave no hash for ${name}@${own.data.version}`, wayOut }
  const folders = Object.keys(packages).filter(path => path !== '')
  const bare = folders.find(path => packages[path]?.integrity === undefined)
  if (bare !== undefined) return { ok: false, reason: `the registry gave no hash for ${bare}`, wayOut }
  const dependencies = Object.fromEntries(folders.map(path => [path, `${packages[path]?.version}`]))
  const installScripts = folders.filter(path => hasInstallScript(join(staging, path)))
  return { ok: true, name, version: own.data.version, integrity: entry.integrity, dependencies, installScripts }
}

function hasInstallScript(folder: string): boolean {
  const read = manifest.partial().safeParse(jsonOf(join(folder, 'package.json')))
  const scripts = read.success ? read.data.scripts : undefined
  return ['preinstall', 'install', 'postinstall'].some(name => scripts?.[name] !== undefined)
}

const jsonBytesMax = 16 * 1024 * 1024

function jsonOf(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8')
    return text.length > jsonBytesMax ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
