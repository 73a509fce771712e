import { join } from 'node:path'
import type { StoredPackage } from './lock-file.ts'
import { auditPython } from './python-audit.ts'
import { siteFolder } from './python-start.ts'
import { auditSource, type SourceAudit } from './source-audit.ts'

/** What the source of a stored package does, as far as it can be read: JavaScript by its syntax, Python by its words. */
export function auditStored(root: string, { ecosystem, folder, name }: StoredPackage): SourceAudit {
  return ecosystem === 'npm'
    ? auditSource(join(root, folder, 'node_modules', name))
    : auditPython(join(root, folder, siteFolder), name)
}
