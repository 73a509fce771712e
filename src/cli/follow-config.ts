import type { Config } from '../config/config.ts'
import { problemLine } from '../config/problem.ts'
import { watchConfig } from '../config/watch.ts'
import { guards } from '../guards/index.ts'
import { followedFiles } from './find-config.ts'
import { proveModel } from './prove-model.ts'

type Following = {
  /** As given with `--config`. */
  readonly named: string | undefined
  /** What is in force now. */
  readonly config: Config
  reload(next: Config): Promise<void>
  say(text: string): void
}

/** Puts each change of the configuration files in force; what is wrong with one is said, and the old one stays. */
export function followConfig({ named, config, reload, say }: Following): { close(): void } {
  return watchConfig(
    { files: followedFiles(named), guards, config, prove: proveModel },
    {
      changed: (next, warnings) =>
        void reload(next).then(
          () => {
            say('configuration reloaded')
            for (const warning of warnings) say(`warning: ${problemLine(warning)}`)
            const waiting = waitsForStart(config, next)
            if (waiting.length > 0) say(`from the next start on, and not now: ${waiting.join(', ')}`)
          },
          (cause: unknown) => say(`reload failed: ${String(cause)}`),
        ),
      broken: problems => {
        const lines = problems.map(problem => `  ${problemLine(problem)}`)
        say(['configuration not reloaded; the old one stays in force:', ...lines].join('\n'))
      },
    },
  )
}

// Where it listens, where it records and what it starts servers in are decided once.
const parts = ['gateway', 'audit'] as const
const live: readonly string[] = ['requireToken']

/** Settings that differ from those the gateway started with, and are only read at a start. */
function waitsForStart(first: Config, next: Config): readonly string[] {
  return parts.flatMap(part => {
    const [before, after]: Readonly<Record<string, unknown>>[] = [first[part], next[part]]
    return Object.keys({ ...after })
      .filter(name => !live.includes(name) && JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
      .map(name => `${part}.${name}`)
  })
}
