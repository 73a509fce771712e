import type { ModelConfig } from '../config/model.ts'
import type { Finding } from '../core/finding.ts'
import { newNonce } from './frame-text.ts'
import { secretSources } from './launcher.ts'
import type { ModelSeat } from './model-kinds.ts'

/** The seat for the model that is configured now. The HTTP client is loaded with the first question. */
export function lazyModel(config: () => ModelConfig | undefined): {
  seat(): ModelSeat | undefined
  close(): Promise<void>
} {
  let open: { readonly config: ModelConfig; readonly seat: Promise<ModelSeat> } | undefined
  const seatFor = (wanted: ModelConfig): Promise<ModelSeat> => {
    if (open?.config === wanted) return open.seat
    void open?.seat.then(seat => seat.close())
    const seat = import('./model-seat.ts').then(({ newModelSeat }) =>
      newModelSeat(wanted, { secrets: secretSources, newNonce, now: Date.now }),
    )
    open = { config: wanted, seat }
    return seat
  }
  const close = async (): Promise<void> => {
    await (await open?.seat)?.close()
    open = undefined
  }
  return {
    seat() {
      const wanted = config()
      if (wanted === undefined) return undefined
      const ask: ModelSeat['ask'] = async (message, scene, findings) =>
        (await (await seatFor(wanted)).ask(message, scene, findings)) ?? noFindings
      return { ask, close }
    },
    close,
  }
}

const noFindings: readonly Finding[] = []
