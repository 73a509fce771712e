// A process of its own that appends from many callers and says which records were acknowledged; the test kills it.
import { writeSync } from 'node:fs'
import { openAuditLog } from '../../src/audit/log.ts'
import { callEvent } from './recorded.ts'

const [, , folder = '', mode, callers = '64'] = process.argv
process.on('SIGXFSZ', () => undefined)
const log = openAuditLog({ folder, mode: mode === 'durable' ? 'durable' : 'relaxed', checkpointRecords: 200 })
let next = 0

async function call(): Promise<never> {
  for (;;) {
    const n = next++
    try {
      await log.append(callEvent(n))
      writeSync(1, `${n}\n`)
    } catch (cause) {
      writeSync(1, `${n} ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'}\n`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    if (n % 64 === 0) await new Promise(resolve => setImmediate(resolve))
  }
}

for (let i = 0; i < Number(callers); i++) call()
