import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

// In a process of its own: the flags hold for the whole process, and only a flag shows what was compiled.
// A function of seven times plus three, called until it is compiled in full.
const wasmProgram = (bound: string) => `
  import { compileWasmFully, compileWasmOnce } from ${JSON.stringify(new URL('./wasm-tier.ts', import.meta.url).href)}
  ${bound}
  const bytes = Buffer.from('0061736d0100000001060160017f017f03020100070501016600000a0d010b00200041076c41036a0f0b', 'hex')
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
  for (let turn = 0; turn < 100 && !%IsTurboFanFunction(f); turn++) {
    for (let i = 0; i < 50_000; i++) f(i)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  process.stdout.write(JSON.stringify([%IsTurboFanFunction(f), f(2)]))
`

test('WebAssembly is compiled once while a gateway serves, and in full for whoever computes with it', t => {
  const [free, served, model] = ['', 'compileWasmOnce()', 'compileWasmOnce(); compileWasmFully()'].map(bound => {
    const words = ['--allow-natives-syntax', '--input-type=module', '-e', wasmProgram(bound)]
    const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
    assert.doesNotMatch(stderr, /unrecognized/u)
    return stdout
  })
  if (free !== '[true,17]') return t.skip('this Node tells nothing of what it compiles')
  assert.deepEqual([served, model], ['[false,17]', '[true,17]'])
})
