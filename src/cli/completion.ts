import type { Command } from 'commander'
import type { ExitCode } from './program.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** `sallyport completion SHELL`: a script that completes commands and options, made from the commands themselves. */
export function addCompletion(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('completion')
    .description('print a completion script: eval "$(sallyport completion bash)"')
    .argument('<shell>', shells.join(', '))
    .action((name: string) => {
      const shell = shells.find(known => known === name)
      if (shell === undefined) {
        process.stderr.write(`no completion for ${name}; there are ${shells.join(', ')}\n`)
        return done(2)
      }
      process.stdout.write(completionScript(shell, wordsOf(program)))
      done(0)
    })
}

/** Command path → the words that can follow it. */
export type Words = ReadonlyMap<string, readonly string[]>

export function wordsOf(program: Command): Words {
  const words = new Map<string, readonly string[]>()
  const visit = (command: Command, path: string) => {
    const options = command.options.map(({ long }) => long).filter(long => typeof long === 'string')
    words.set(path, [...command.commands.map(inner => inner.name()), ...options, '--help'])
    for (const inner of command.commands) visit(inner, `${path} ${inner.name()}`.trim())
  }
  visit(program, '')
  return words
}

export function completionScript(shell: Shell, words: Words): string {
  switch (shell) {
    case 'bash':
      return bash(words)
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`
    case 'fish':
      return fish(words)
    default:
      return shell satisfies never
  }
}

function bash(words: Words): string {
  const cases = [...words].map(([path, next]) => `    "${path}") next="${next.join(' ')}" ;;`)
  const paths = [...words.keys()].filter(path => path !== '').map(path => `"${path}"`)
  // Values of options and arguments stand between the words of a command, and what follows -- is another program's.
  return `_sallyport() {
  local path="" word next=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -- ]] && return
    case "$path\${path:+ }$word" in ${paths.join('|')}) path="$path\${path:+ }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sallyport sallyport
`
}

function fish(words: Words): string {
  const lines = [...words].flatMap(([path, next]) => {
    const seen = path.split(' ').map(word => `__fish_seen_subcommand_from ${word}`)
    const when = path === '' ? '__fish_use_subcommand' : seen.join('; and ')
    return next.map(
      word => `complete -c sallyport -n '${when}' ${word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`}`,
    )
  })
  return `${lines.join('\n')}\n`
}
