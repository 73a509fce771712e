import assert from 'node:assert/strict'
import test from 'node:test'
import type { Command } from 'commander'
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

test('every command that prints data prints it as JSON, too', () => {
  const leaves = (command: Command, path = ''): string[] =>
    command.commands.length > 0
      ? command.commands.flatMap(inner => leaves(inner, `${path} ${inner.name()}`.trim()))
      : command.options.some(({ long }) => long === '--json')
        ? []
        : [path]
  // What these put out is a protocol, a script, a form that was asked for, or words about something that was done.
  const others = ['exec', 'stdio', 'completion', 'audit export', 'pins accept', 'pins reject']
  assert.deepEqual(leaves(newProgram(() => {})).sort(), [...others, 'withheld release', 'withheld drop'].sort())
})
