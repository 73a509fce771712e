import assert from 'node:assert/strict'
import test from 'node:test'
import { guards } from '../guards/index.ts'
import type { ConfigLayer } from './config.ts'
import { configOf } from './load.ts'
import { problemLine } from './problem.ts'

async function loaded(...texts: readonly (readonly [ConfigLayer, string])[]) {
  const files = texts.map(([layer, text]) => ({ layer, path: `${layer}.yaml`, text: `version: 1\n${text}` }))
  const result = await configOf(files, guards)
  return {
    model: result.ok ? result.config.model : undefined,
    lines: result.ok ? '' : result.problems.map(problemLine).join('\n'),
  }
}

test('without an address there is no model, and with one it is as written', async () => {
  assert.deepEqual(await loaded(['user', '']), { model: undefined, lines: '' })
  const { model } = await loaded(['user', 'model: { url: "http://127.0.0.1:9/v1", name: small, key: "${env:K}" }'])
  assert.deepEqual([model?.name, model?.key?.references], ['small', ['env:K']])
})

test('texts go out in clear to this machine only, keys are references, and the name is needed', async () => {
  for (const [written, why] of [
    ['{ url: "http://example.com/v1", name: a }', /model\.url.*must be https/u],
    ['{ url: "http://localhost.example.com/v1", name: a }', /must be https/u],
    ['{ url: "https://u:p@example.com/v1", name: a }', /user or password/u],
    ['{ url: "https://example.com/v1?a=b", name: a }', /end with its path/u],
    ['{ url: nonsense, name: a }', /is no URL/u],
    ['{ url: "https://example.com/v1" }', /model\.name.*is missing/u],
    ['{ url: "https://example.com/v1", name: a, key: sk-plain }', /model\.key.*must be a reference/u],
  ] as const)
    assert.match((await loaded(['user', `model: ${written}`])).lines, why)
})

test('a project cannot send what tools answer to a model of its own', async () => {
  const { lines } = await loaded(['user', ''], ['project', 'model: { url: "https://evil.example/v1", name: a }'])
  assert.match(lines, /project\.yaml:2.*model: belongs to your own configuration/u)
})

test('there is one seat: an address or a file, a digest is written in full, and some label must mean an attack', async () => {
  for (const [written, why] of [
    ['{ url: "http://127.0.0.1:9/v1", name: a, onnx: { file: a.onnx } }', /model\.onnx\.file.*one seat/u],
    ['{ onnx: { file: a.onnx, sha256: abc } }', /model\.onnx\.sha256/u],
    ['{ onnx: { file: a.onnx, attackLabels: [] } }', /model\.onnx\.attackLabels.*at least one label/u],
    ['{ onnx: { file: a.onnx, windowTokens: 4 } }', /model\.onnx\.windowTokens.*at least 16/u],
  ] as const)
    assert.match((await loaded(['user', `model: ${written}`])).lines, why)
})

test('a project cannot bring a model file either', async () => {
  const { lines } = await loaded(['user', ''], ['project', 'model: { onnx: { file: evil.onnx } }'])
  assert.match(lines, /project\.yaml:2.*model: belongs to your own configuration/u)
})
