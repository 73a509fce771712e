import { setFlagsFromString } from 'node:v8'

/**
 * Calls of a function before V8's last compiler takes it. By V8's own bound, 3,000, most functions of a gateway have not yet
 * seen all shapes of what they are given: what was guessed is thrown away and made again for thousands of calls, on threads of
 * its own. Loops are compiled without waiting for calls, so reading text is none the slower.
 */
export const lateTierCalls = 30_000

/**
 * Has V8 wait longer before it compiles functions for good, and not compile WebAssembly a second time: the only piece of it
 * here is the parser of what HTTP servers answer, and 11 MiB of what compiling it took stayed with the process.
 */
export function tierUpLate(): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${lateTierCalls}`)
  for (const flag of wasmFlags) setFlagsFromString(`--no-${flag}`)
}

/** Has WebAssembly compiled in full again, for whoever computes with it. What is compiled already stays as it is. */
export function tierUpWasm(): void {
  for (const flag of wasmFlags) setFlagsFromString(`--${flag}`)
}

const wasmFlags = ['wasm-tier-up', 'wasm-dynamic-tiering']
