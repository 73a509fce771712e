import type { Config } from '../config/config.ts'
import type { Path, Problem } from '../config/problem.ts'
import type { Secret } from '../config/secret.ts'
import { secretSources } from '../gateway/launcher.ts'
import { problemFinder } from './config-place.ts'

/** References of a configuration behind which there is nothing here and now: what needs them will not start. */
export async function missingSecrets(config: Config): Promise<readonly Problem[]> {
  const problemAt = problemFinder(config)
  const looked = secretsOf(config).map(async ({ path, secret }) => {
    const found = await secret.reveal(secretSources)
    return found.ok ? [] : [problemAt(path, found.text)]
  })
  return (await Promise.all(looked)).flat()
}

type Placed = { readonly path: Path; readonly secret: Secret }

function secretsOf({ servers, principals }: Config): readonly Placed[] {
  const ofServers = [...servers.values()].flatMap(({ name, connect }) => {
    const [key, secrets] = connect.kind === 'command' ? ['env', connect.env] : ['headers', connect.headers]
    return [...secrets].map(([entry, secret]) => ({ path: ['servers', name, String(key), entry], secret }))
  })
  const ofPeople = [...principals].flatMap(([name, { tokens }]) =>
    tokens.map((secret, index) => ({ path: ['principals', name, 'tokens', index], secret })),
  )
  return [...ofServers, ...ofPeople]
}
