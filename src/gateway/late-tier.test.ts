import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

// In a process of its own: the flag holds for the whole process, and only a flag shows what was compiled.
const program = (bound: string) => `
  import { tierUpLate } from ${JSON.stringify(new URL('./late-tier.ts', import.meta.url).href)}
  ${bound}
  const lengths = words => { const made = []; for (const word of words) made.push(word.length); return made.join() }
  const isCompiledForGood = () => (%GetOptimizationStatus(lengths) & 64) !== 0
  let calls = 0
  while (calls < 100_000 && !isCompiledForGood()) {
    for (let i = 0; i < 250; i++) Reflect.apply(lengths, undefined, [['a', String(calls++), 'bb']])
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  process.stdout.write(String(isCompiledForGood() ? calls : 0))
`

function callsUntilCompiled(bound: string): number {
  const words = ['--allow-natives-syntax', '--input-type=module', '-e', program(bound)]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
  assert.match(stdout, /^\d+$/u, stderr)
  assert.doesNotMatch(stderr, /unrecognized/u, 'V8 says so of a flag that it does not know')
  return Number(stdout)
}

test('what is called again and again is compiled for good later, and still is', t => {
  const [early, late] = [callsUntilCompiled(''), callsUntilCompiled('tierUpLate()')]
  if (early === 0) return t.skip('this Node tells nothing of what it compiles')
  assert.ok(late > 1.5 * early, `after ${late} calls instead of ${early}`)
})

// A function of seven times plus three, called until it is compiled in full.
const wasmProgram = (bound: string) => `
  import { tierUpLate, tierUpWasm } from ${JSON.stringify(new URL('./late-tier.ts', import.meta.url).href)}
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
  const [free, served, model] = ['', 'tierUpLate()', 'tierUpLate(); tierUpWasm()'].map(bound => {
    const words = ['--allow-natives-syntax', '--input-type=module', '-e', wasmProgram(bound)]
    const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
    assert.doesNotMatch(stderr, /unrecognized/u)
    return stdout
  })
  if (free !== '[true,17]') return t.skip('this Node tells nothing of what it compiles')
  assert.deepEqual([served, model], ['[false,17]', '[true,17]'])
})
