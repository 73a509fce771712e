import { homedir } from 'node:os'
import type { Config } from '../config/config.ts'
import type { Path, Problem } from '../config/problem.ts'
import { readPermission } from '../sandbox/permission.ts'
import { problemFinder } from './config-place.ts'
import { documentFor, isLocal } from './sandbox-target.ts'

/** What is wrong with the permission documents of a configuration, which otherwise shows when a server is first needed. */
export function permissionProblems(config: Config): readonly Problem[] {
  const problemAt = problemFinder(config)
  return [...config.servers.values()].filter(isLocal).flatMap(server => {
    const reading = readPermission(documentFor(server).document, { cwd: server.connect.cwd, home: homedir() })
    if (reading.ok) return []
    return reading.problems.map(({ at, text }) =>
      problemAt(['servers', server.name, 'permissions', ...stepsOf(at)], text),
    )
  })
}

/** `net.hosts[0]` → net, hosts, 0. */
function stepsOf(at: string): Path {
  return [...at.matchAll(/\[(\d+)\]|[^.[\]]+/gu)].map(([text, index]) => (index === undefined ? text : Number(index)))
}
