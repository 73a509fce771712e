import assert from 'node:assert/strict'
import test from 'node:test'
import { nearest, pathText, problemLine } from './problem.ts'

test('a problem names file, line, column, field and what to do in one line', () => {
  const problem = { file: 'sallyport.yaml', line: 12, column: 5, at: 'servers.files.comand' }
  const text = 'unknown key; did you mean command?'
  assert.equal(
    problemLine({ ...problem, text }),
    'sallyport.yaml:12:5: servers.files.comand: unknown key; did you mean command?',
  )
  assert.equal(problemLine({ ...problem, at: '', text: 'is not YAML' }), 'sallyport.yaml:12:5: is not YAML')
})

test('a path is written as people write it', () => {
  assert.equal(pathText(['policy', 3, 'match', 'tool']), 'policy[3].match.tool')
  assert.equal(pathText([]), '')
})

test('a slip of the finger finds the word that was meant, a foreign word finds none', () => {
  const known = ['command', 'mode', 'preset', 'url']
  assert.equal(nearest('comand', known), 'command')
  assert.equal(nearest('moed', known), 'mode')
  assert.equal(nearest('Presets', known), 'preset')
  assert.equal(nearest('gatekeeper', known), undefined)
  assert.equal(nearest('x'.repeat(100_000), known), undefined)
})
