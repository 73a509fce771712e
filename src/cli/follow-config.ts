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
      changed: next =>
        void reload(next).then(
          () => say('configuration reloaded'),
          (cause: unknown) => say(`reload failed: ${String(cause)}`),
        ),
      broken: problems => {
        const lines = problems.map(problem => `  ${problemLine(problem)}`)
        say(['configuration not reloaded; the old one stays in force:', ...lines].join('\n'))
      },
    },
  )
}
