import { readFileSync } from 'node:fs'
import type { Head } from '../audit/chain.ts'
import { auditVerify, type VerifyReport } from '../audit/verify.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { counted, print, printJson } from './say.ts'

export type Verifying = {
  readonly folder?: string
  /** File of a public key. */
  readonly key?: string
  readonly expect?: readonly Head[]
  readonly json?: boolean
}

/** Checks a whole record, and says what is wrong with it or what is known of it. */
export async function verifyRecord(folder: string, { key, expect = [], json }: Verifying): Promise<ExitCode> {
  const given = key === undefined ? undefined : textOf(key)
  if (given !== undefined && !given.includes('-----BEGIN PUBLIC KEY-----')) {
    say(
      `--key ${key}: ${given === '' ? 'cannot be read' : 'is no public key'}; it is the .pub file beside the signing key`,
    )
    return 2
  }
  const report = await auditVerify(folder, { expect, ...(given === undefined ? {} : { publicKey: given }) })
  if (json === true) printJson(report)
  else tell(report)
  if (!report.isIntact) return 1
  if (report.records > 0) return 0
  say(`no record in ${folder}: there is nothing that could be proved`)
  return 3
}

/** An end as it is printed, `chain:sequence:fingerprint`. */
export function headFrom(text: string): Head | undefined {
  const [, chain, sequence, fingerprint] =
    /^([0-9T]{18,20}-[a-z0-9]{4,32}):(\d{1,15}):([0-9a-f]{64})$/u.exec(text) ?? []
  if (chain === undefined || fingerprint === undefined) return undefined
  return { chain, sequence: Number(sequence), fingerprint }
}

function tell({ faults, faultsMore, isIntact, records, chains, key }: VerifyReport): void {
  for (const { file, line, what, text } of faults) say(`${file}:${line}: ${what}: ${text}`)
  if (faultsMore > 0) say(`… and ${faultsMore} more`)
  if (records === 0 && isIntact) return
  const by = key === undefined ? 'no key' : `key ${key.name} (${key.from})`
  print(
    `${isIntact ? 'intact' : 'NOT intact'}: ${counted(records, 'record')} in ${counted(chains.length, 'chain')}, ${by}`,
  )
  const endless = chains.filter(({ state }) => state === 'unfinished')
  if (endless.length > 0)
    print(
      `without an end: ${counted(endless.length, 'chain')} (killed, or cut off): ${endless
        .map(({ chain }) => chain)
        .join(', ')
        .slice(0, 300)}`,
    )
  const newest = chains.at(-1)?.head
  if (newest !== undefined && isIntact)
    print(`newest end, to be noted elsewhere for --expect: ${newest.chain}:${newest.sequence}:${newest.fingerprint}`)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
