import assert from 'node:assert/strict'
import test from 'node:test'
import type { Finding } from '../core/finding.ts'
import { excerptLine, excerptOf } from './excerpt.ts'

const found = (rule: string, span: readonly [number, number], facts: Finding['facts'] = {}): Finding => ({
  ...{ rule, severity: 'high', confidence: 'likely', at: '', facts },
  span,
})

test('hidden characters are written out, and no control sequence of the text reaches the terminal', () => {
  const text = 'a\u200bb \u001b[31mred\u202e'
  const finding = found('hidden-text/zero-width', [1, 2])
  assert.equal(excerptOf(finding, text), '⟨U+200B⟩')
  assert.equal(excerptLine(finding, text, false), 'a»⟨U+200B⟩«b ⟨U+001B⟩[31mred⟨U+202E⟩')
  const coloured = excerptLine(finding, text, true) ?? ''
  assert.equal(coloured.split('\u001b').length, 3, 'only the two of our own')
})

test('a decoded order is told as it reads', () => {
  const finding = found('injection/override', [0, 4], { excerpt: 'Ignore all', via: 'encoded' })
  assert.equal(excerptOf(finding, 'SWdu'), 'Ignore all')
})

test('a credential is never quoted', () => {
  const finding = found('secrets/github-token', [0, 6], { kind: 'github-token', chars: 6 })
  assert.deepEqual([excerptOf(finding, 'SESAME'), excerptLine(finding, 'SESAME', false)], ['', undefined])
})
