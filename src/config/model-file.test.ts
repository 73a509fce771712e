import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { guards } from '../guards/index.ts'
import { loadConfig } from './load.ts'
import type { ModelConfig } from './model.ts'
import { modelFileBytesMax } from './model-file.ts'
import { problemLine } from './problem.ts'

const folder = temporaryFolder()

async function loaded(model: string, prove?: (model: ModelConfig) => Promise<[]>) {
  const path = join(folder, 'sallyport.yaml')
  writeFileSync(path, `version: 1\nmodel:\n${model}`)
  const result = await loadConfig([{ path, layer: 'user' }], guards, prove)
  const lines = result.ok ? [] : result.problems.map(one => problemLine(one).replaceAll(`${folder}/`, ''))
  return { lines, model: result.ok ? result.config.model : undefined }
}

test('a model in a file is found beside its configuration, with the tokenizer beside it, and bears its name', async () => {
  mkdirSync(join(folder, 'm'))
  writeFileSync(join(folder, 'm', 'guard.onnx'), 'x')
  writeFileSync(join(folder, 'm', 'tokenizer.json'), '{}')
  const asked: string[] = []
  const { model, lines } = await loaded('  onnx: { file: ./m/guard.onnx }\n', async ({ name }) => {
    asked.push(name)
    return []
  })
  assert.deepEqual(lines, [])
  assert.deepEqual(
    [model?.name, model?.onnx?.file, model?.onnx?.tokenizer, model?.onnx?.attackLabels, asked],
    ['guard.onnx', join(folder, 'm/guard.onnx'), join(folder, 'm/tokenizer.json'), ['1'], ['guard.onnx']],
  )
})

test('what is wrong with the files stops the load, with the line of the option', async () => {
  const { lines } = await loaded('  onnx:\n    file: ./gone.onnx\n    tokenizer: ./m\n')
  assert.match(lines[0] ?? '', /^sallyport\.yaml:4:11: model\.onnx\.file: gone\.onnx does not exist$/u)
  assert.match(lines[1] ?? '', /^sallyport\.yaml:5:16: model\.onnx\.tokenizer: m is not a file$/u)
  const open = join(folder, 'open.onnx')
  writeFileSync(open, 'x')
  chmodSync(open, 0o666)
  const weak = await loaded('  onnx: { file: ./open.onnx, tokenizer: ./m/tokenizer.json }\n')
  assert.match(weak.lines.join(), /open\.onnx can be written by everybody/u)
  const big = join(folder, 'big.onnx')
  writeFileSync(big, '')
  assert.match(
    (await loaded('  onnx: { file: ./big.onnx, tokenizer: ./m/tokenizer.json }\n')).lines.join(),
    /is empty/u,
  )
  truncateSync(big, modelFileBytesMax.file + 1)
  assert.match(
    (await loaded('  onnx: { file: ./big.onnx, tokenizer: ./m/tokenizer.json }\n')).lines.join(),
    /larger than 1024 MiB; serve such a model behind url/u,
  )
})

test('a model is run only where everything else is right, and its faults have their lines too', async () => {
  let runs = 0
  const prove = async (): Promise<never[]> => {
    runs += 1
    return []
  }
  await loaded('  onnx: { file: ./m/guard.onnx }\n  deadlineMs: 1\n', prove as () => Promise<[]>)
  assert.equal(runs, 0)
  const path = join(folder, 'sallyport.yaml')
  writeFileSync(path, 'version: 1\nmodel:\n  onnx:\n    file: ./m/guard.onnx\n    output: scores\n')
  const result = await loadConfig([{ path, layer: 'user' }], guards, async () => [
    { path: ['onnx', 'output'], text: 'has no such output' },
  ])
  assert.match(result.ok ? '' : result.problems.map(problemLine).join(), /yaml:5:13: model\.onnx\.output: has no such/u)
})
