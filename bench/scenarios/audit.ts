import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditLog } from '../../src/audit/log.ts'
import { fact } from '../../src/audit/redact.ts'
import type { Principal, ServerName } from '../../src/core/brand.ts'
import { localTenant } from '../../src/core/brand.ts'
import type { AuditEvent } from '../../src/core/port.ts'
import { atLeast, type Scenario } from '../goal.ts'
import { median } from '../sample.ts'

const callers = 64
const runMs = 1500

/** Records that are on the disk before their caller goes on. */
export const audit: Scenario = {
  about: `${callers} callers, each waiting for its record to be durable`,
  async run({ rounds, say }) {
    const durable: number[] = []
    const relaxed: number[] = []
    for (let i = 0; i < rounds; i++) {
      durable.push(await recordsPerSecond('durable'))
      relaxed.push(await recordsPerSecond('relaxed'))
    }
    const note = `relaxed ${median(relaxed).toFixed(0)}/s; file system ${statfsSync(tmpdir()).type.toString(16)}`
    say(`   durable ${median(durable).toFixed(0)}/s, ${note}`)
    return [{ ...atLeast(10_000, 'records/s', 'durable records'), scenario: 'audit', measured: median(durable), note }]
  },
}

async function recordsPerSecond(mode: 'durable' | 'relaxed'): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-audit-'))
  const log = openAuditLog({ folder, mode })
  let written = 0
  const began = performance.now()
  const caller = async () => {
    while (performance.now() - began < runMs) {
      await log.append(eventOf(written++))
      // In relaxed mode nothing waits, and the other callers and the timers want their turn.
      if (written % 512 === 0) await new Promise(resolve => setImmediate(resolve))
    }
  }
  try {
    await Promise.all(Array.from({ length: callers }, caller))
    return written / ((performance.now() - began) / 1000)
  } finally {
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function eventOf(count: number): AuditEvent {
  return {
    kind: 'call',
    atMs: 1_790_000_000_000 + count,
    tenant: localTenant,
    principal: 'ann' as Principal,
    server: 'files' as ServerName,
    message: `m-${count}`,
    severity: 'info',
    details: {
      tool: fact('read_text_file'),
      arguments: { path: fact(`/srv/project/notes/${count}.md`), limit: 100 },
      verdict: fact('allow'),
      because: [fact('policy:reads-are-fine')],
    },
  }
}
