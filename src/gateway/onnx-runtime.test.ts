import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { installWords, loadRuntime } from './onnx-runtime.ts'

test('where the packages are missing, the command that brings them is said', () => {
  const found = loadRuntime(join(temporaryFolder(), 'package.json'))
  assert.ok('missing' in found)
  assert.match(
    found.missing,
    /^they are not installed; run: .*npm install --ignore-scripts .*onnxruntime-web@[\d.]+ @huggingface\/tokenizers@[\d.]+$/u,
  )
})

test('packages of these names that are something else are not used', () => {
  const main = (name: string) => `node_modules/${name}/index.js`
  const other = layOut({ [main('onnxruntime-web')]: 'exports.env = 1', [main('@huggingface/tokenizers')]: '' })
  assert.match(JSON.stringify(loadRuntime(join(other, 'package.json'))), /other versions were expected/u)
  const broken = layOut({
    [main('onnxruntime-web')]: 'throw new Error("no wasm")',
    [main('@huggingface/tokenizers')]: '',
  })
  assert.match(JSON.stringify(loadRuntime(join(broken, 'package.json'))), /do not load \(no wasm\)/u)
})

test('the command fits where this program lies: a project, what is installed for all, or its own sources', () => {
  const project = layOut({ 'package.json': '{}', 'node_modules/sallyport/dist/': '' })
  assert.match(
    installWords(join(project, 'node_modules/sallyport/dist/a.js')),
    /^run: cd \S+ && npm install .*--save-exact/u,
  )
  const global = layOut({ 'node_modules/sallyport/dist/': '' })
  assert.match(installWords(join(global, 'node_modules/sallyport/dist/a.js')), /^run: npm install .*--global/u)
  assert.match(installWords('/src/sallyport/src/gateway/a.ts'), /^run: cd \/src\/sallyport && npm install .*--no-save/u)
})
