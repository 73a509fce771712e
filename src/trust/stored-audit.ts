import { join } from 'node:path'
import type { StoredPackage } from './lock-file.ts'
import { auditPython } from './python-audit.ts'
import { siteFolder } from './python-start.ts'
import { auditSource, type SourceAudit } from './source-audit.ts'

/** What the source of a stored package does, as far as it can be read: JavaScript by its syntax, Python by its words. */
export function auditStored(root: string, { ecosystem, folder, name, dependencies }: StoredPackage): SourceAudit {
  if (ecosystem === 'pypi') return auditPython(join(root, folder, siteFolder), name)
  const own = `node_modules/${name}/`
  // What the lock does not name is the package's own, wherever in it it lies: a folder can be called node_modules.
  const others = Object.keys(dependencies).flatMap(path => (path.startsWith(own) ? path.slice(own.length) : []))
  return auditSource(join(root, folder, own), others)
}
