import assert from 'node:assert/strict'
import test from 'node:test'
import { execOptions, execUsage } from './exec-options.ts'

test('the help of exec names every option with its value, in lines that fit a terminal of 120 columns', () => {
  const lines = execUsage().split('\n')
  for (const { flag, value = '' } of execOptions)
    assert.ok(
      lines.some(line => line.startsWith(`  ${flag} ${value}`)),
      flag,
    )
  for (const line of lines) assert.ok(line.length <= 140, line)
})
