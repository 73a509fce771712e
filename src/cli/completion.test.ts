import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import test from 'node:test'
import { completionScript, wordsOf } from './completion.ts'
import { newProgram } from './program.ts'

const words = wordsOf(newProgram(() => {}))

test('every command and option can be completed', () => {
  assert.ok(words.get('')?.includes('inspect'))
  assert.ok(words.get('policy')?.includes('explain'))
  assert.ok(words.get('sandbox print')?.includes('--target'))
  assert.ok(words.get('exec')?.includes('--unix-sockets'), 'also of the command that is read by hand')
})

test('a real shell completes a command, an inner command and an option with the script', () => {
  const complete = (line: string) => {
    const typed = line.split(' ')
    const script = `${completionScript('bash', words)}
COMP_WORDS=(${typed.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}; _sallyport
printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
  }
  assert.deepEqual(complete('sallyport insp'), ['inspect'])
  assert.deepEqual(complete('sallyport policy exp'), ['explain'])
  assert.deepEqual(complete('sallyport inspect --jso'), ['--jsonl', '--json'])
  assert.deepEqual(complete('sallyport start --config my.yaml --js'), ['--json'], 'after the value of an option')
  assert.deepEqual(complete('sallyport policy explain read_file --eff'), ['--effect'], 'after an argument')
  assert.deepEqual(complete('sallyport exec --read'), ['--read'])
  assert.deepEqual(complete('sallyport exec -- node --re'), [''], 'behind -- another program begins')
})

test('each shell gets a script of its own', () => {
  assert.match(completionScript('zsh', words), /bashcompinit/u)
  const fish = completionScript('fish', words)
  assert.match(fish, /complete -c sallyport -n '__fish_use_subcommand' -a inspect/u)
  assert.match(fish, /-n '__fish_seen_subcommand_from pins; and __fish_seen_subcommand_from show' -l json/u)
})
