import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 not compile WebAssembly a second time, in full: the only piece of it in a gateway is the parser of what HTTP servers
 * answer, and 11 MiB of what compiling it took stayed with the process (docs/decisions/wasm-tier.md).
 */
export function compileWasmOnce(): void {
  for (const flag of flags) setFlagsFromString(`--no-${flag}`)
}

/** Has it compiled in full again, for whoever computes with it. What is compiled already stays as it is. */
export function compileWasmFully(): void {
  for (const flag of flags) setFlagsFromString(`--${flag}`)
}

const flags = ['wasm-tier-up', 'wasm-dynamic-tiering']
