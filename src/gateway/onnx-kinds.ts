import type { OnnxConfig } from '../config/model.ts'

/** What the thread of a model is started with. */
export type OnnxSetup = {
  readonly onnx: OnnxConfig
  /** A file beside whose packages the runtime is looked for; undefined for this program's own. */
  readonly runtimeBeside?: string
}

export type OnnxQuestion = {
  readonly id: number
  readonly text: string
  /** On the clock that both threads share; what is not read by then is not read. */
  readonly untilMs: number
}

export type OnnxSign =
  | { readonly kind: 'ready'; readonly about: OnnxAbout }
  | { readonly kind: 'fault'; readonly fault: OnnxFault }
  /** A window of the text was read. */
  | { readonly kind: 'window'; readonly id: number; readonly score: number; readonly span: readonly [number, number] }
  /** All of it that would be read was; so many characters were not. */
  | { readonly kind: 'done'; readonly id: number; readonly left: number }
  | { readonly kind: 'broken'; readonly id: number; readonly why: string }

/** What was loaded, and what it showed when it was tried. */
export type OnnxAbout = {
  readonly sha256: string
  readonly tokenizerSha256: string
  /** What a full window took. */
  readonly windowMs: number
}

/** Why a model cannot be used, and which option of the section is to blame. */
export type OnnxFault = { readonly path: readonly string[]; readonly text: string }

/** How much one window looks like an attack, from 0 to 1, or why that is not known. */
export type Scored = { readonly score: number } | { readonly why: string }
