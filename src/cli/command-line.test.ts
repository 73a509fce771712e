import assert from 'node:assert/strict'
import test from 'node:test'
import { type AddCommand, runCommandLine } from './command-line.ts'

const add: AddCommand = (program, done) => {
  program
    .command('ends')
    .description('ends with 3')
    .action(() => done(3))
  program
    .command('breaks')
    .description('breaks on the way')
    .action(() => {
      throw new Error('on the way')
    })
}

test('how a command ended is the exit code, wrong usage is 2, and what breaks is told to the caller', async t => {
  t.mock.method(process.stdout, 'write', () => true)
  t.mock.method(process.stderr, 'write', () => true)
  assert.equal(await runCommandLine([add], ['ends']), 3)
  assert.equal(await runCommandLine([add], ['--version']), 0)
  assert.equal(await runCommandLine([add], ['ends', '--no-such-option']), 2)
  await assert.rejects(runCommandLine([add], ['breaks']), /on the way/u)
})

test('help of what does not exist is no help: the word is named, with the nearest that exists', async t => {
  const [out, err]: [string[], string[]] = [[], []]
  t.mock.method(process.stdout, 'write', (text: string) => out.push(text) > 0)
  t.mock.method(process.stderr, 'write', (text: string) => err.push(text) > 0)
  assert.equal(await runCommandLine([add], ['help', 'end']), 2)
  assert.match(err.join(''), /no command end: did you mean ends\?/u)
  assert.equal(await runCommandLine([add], ['help', 'wholly-else']), 2)
  assert.match(err.join(''), /no command wholly-else: there are ends, breaks/u)
  assert.equal(await runCommandLine([add], ['ennds']), 2)
  assert.match(err.join(''), /unknown command 'ennds'\n\(Did you mean ends\?\)/u)
  assert.equal(out.join(''), '')
  assert.equal(await runCommandLine([add], ['help', 'ends']), 0)
  assert.match(out.join(''), /Usage: sallyport ends/u)
  assert.equal(await runCommandLine([add], ['help']), 0)
})
