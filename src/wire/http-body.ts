import type { Readable } from 'node:stream'

/** A body in one piece, or why there is none. */
export type BodyRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: 'too-long' | 'broken'; readonly cause?: unknown }

/** Collects a body, counting what arrives rather than believing what was announced. */
export function readBody(stream: Readable, bytesMax: number): Promise<BodyRead> {
  return new Promise(resolve => {
    const chunks: Uint8Array[] = []
    let bytes = 0
    stream.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes <= bytesMax) chunks.push(chunk)
      else {
        chunks.length = 0
        stream.pause()
        resolve({ ok: false, why: 'too-long' })
      }
    })
    stream.on('end', () => resolve({ ok: true, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }))
    stream.on('error', cause => resolve({ ok: false, why: 'broken', cause }))
    stream.on('close', () => resolve({ ok: false, why: 'broken' }))
  })
}
