import { redactName } from '../audit/redact-name.ts'
import type { ModelConfig } from '../config/model.ts'
import { localTenant } from '../core/brand.ts'
import type { Finding } from '../core/finding.ts'
import type { AuditPort } from '../core/port.ts'
import { newNonce } from './frame-text.ts'
import { secretSources } from './launcher.ts'
import type { ModelReader, ModelSeat } from './model-kinds.ts'

export type LazyModel = {
  seat(): ModelSeat | undefined
  /** Has the model of the configuration in force at hand where it is a file, and records which file it is. */
  follow(): void
  close(): Promise<void>
}

/** The seat for the model that is configured now. What speaks to an endpoint is loaded with the first question. */
export function lazyModel(config: () => ModelConfig | undefined, audit?: AuditPort): LazyModel {
  let open: { readonly config: ModelConfig; readonly seat: Promise<ModelSeat> } | undefined
  const shut = async (): Promise<void> => {
    const last = open
    open = undefined
    await (await last?.seat)?.close()
  }
  const seatFor = (wanted: ModelConfig): Promise<ModelSeat> => {
    if (open?.config === wanted) return open.seat
    void shut()
    const seat = openSeat(wanted, audit)
    open = { config: wanted, seat }
    return seat
  }
  return {
    seat() {
      const wanted = config()
      if (wanted === undefined) return undefined
      const ask: ModelSeat['ask'] = async (message, scene, findings) =>
        (await (await seatFor(wanted)).ask(message, scene, findings)) ?? noFindings
      return { ask, close: shut }
    },
    follow() {
      const wanted = config()
      if (wanted?.onnx !== undefined) void seatFor(wanted)
      else if (wanted !== open?.config) void shut()
    },
    close: shut,
  }
}

async function openSeat(config: ModelConfig, audit: AuditPort | undefined): Promise<ModelSeat> {
  const { askedAtOnceMax, newModelSeat } = await import('./model-seat.ts')
  return newModelSeat(config, await openReader(config, { askedAtOnceMax, audit }), Date.now)
}

type Parts = { readonly askedAtOnceMax: number; readonly audit: AuditPort | undefined }

async function openReader(config: ModelConfig, { askedAtOnceMax, audit }: Parts): Promise<ModelReader> {
  if (config.onnx === undefined) {
    const { openChatReader } = await import('./chat-reader.ts')
    return openChatReader(config, { secrets: secretSources, connections: askedAtOnceMax, newNonce })
  }
  const { takeOnnx } = await import('./onnx-proof.ts')
  const reader = takeOnnx(config)
  if (audit !== undefined) void reader.ready.then(found => noteFile(config, found, audit))
  return reader
}

type Found =
  | { readonly sha256: string; readonly tokenizerSha256: string }
  | { readonly fault: { readonly text: string } }

/** Which weights read along: a question that only the record can answer afterwards. */
async function noteFile({ name }: ModelConfig, found: Found, audit: AuditPort): Promise<void> {
  const isThere = 'sha256' in found
  const what = isThere
    ? { sha256: redactName(found.sha256), tokenizerSha256: redactName(found.tokenizerSha256) }
    : { why: redactName(found.fault.text.slice(0, 120)) }
  const details = { type: redactName('model'), model: redactName(name), ...what }
  // Where nothing can be recorded nothing passes either, and each message says so.
  try {
    const severity = isThere ? 'info' : 'medium'
    await audit.append({ kind: 'config', atMs: Date.now(), tenant: localTenant, severity, details })
  } catch {}
}

const noFindings: readonly Finding[] = []
