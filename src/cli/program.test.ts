import assert from 'node:assert/strict'
import test from 'node:test'
import { newProgram, runProgram } from './program.ts'

test('every command says in one line what it is for', () => {
  const { commands } = newProgram(() => {})
  assert.ok(commands.length > 5)
  for (const command of commands) assert.match(command.description(), /^\S.{10,140}$/u, command.name())
  assert.equal(new Set(commands.map(command => command.name())).size, commands.length)
})

test('what a command reports is the exit code, and wrong usage is 2', async t => {
  t.mock.method(process.stdout, 'write', () => true)
  t.mock.method(process.stderr, 'write', () => true)
  assert.equal(await runProgram(['completion', 'fish']), 0)
  assert.equal(await runProgram(['completion', 'tcsh']), 2)
  assert.equal(await runProgram(['no-such-command']), 2)
  assert.equal(await runProgram(['inspect', '--no-such-option']), 2)
  assert.equal(await runProgram(['--help']), 0)
})
