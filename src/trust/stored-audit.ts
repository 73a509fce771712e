import { join } from 'node:path'
import type { StoredPackage } from './lock-file.ts'
import { auditSource, type SourceAudit } from './source-audit.ts'

/** What the source of a stored package does, as far as it can be read: only JavaScript is parsed. */
export function auditStored(root: string, { ecosystem, folder, name }: StoredPackage): SourceAudit {
  if (ecosystem === 'npm') return auditSource(join(root, folder, 'node_modules', name))
  const reason = 'nothing is known of what it needs: name what its documentation asks for'
  return {
    ...{ facts: [], files: 0, dependencies: [], notInspected: ['Python is not parsed: its source was not audited'] },
    proposed: { schema: 1, net: 'none', env: {}, children: 'none', reason },
  }
}
