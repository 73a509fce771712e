import { readPermission } from '../src/sandbox/permission.ts'
import type { Plan } from '../src/sandbox/plan.ts'
import type { RealPath } from '../src/sandbox/real-path.ts'

/** A plan that uses everything a document can say, for the tests of the targets: no file of it has to exist. */
export function samplePlan(changes: Partial<Plan> = {}): Plan {
  const reading = readPermission(
    {
      files: { read: ['/proj/app/docs'], write: ['/proj/app/out'] },
      env: { MODE: 'quiet', API_KEY: '$'.concat('{keyring:app/api}') },
      children: ['git'],
      limits: { pids: 40, memoryMiB: 256, cpuSeconds: 60, fileMiB: 8, tmpMiB: 16, openFiles: 256 },
    },
    { cwd: '/proj/app', home: '/home/ann' },
  )
  if (!reading.ok) throw new Error('the sample document is not valid')
  const real = (path: string) => path as RealPath
  const mount = (path: string) => ({ path, from: real(path) })
  return {
    server: 'sample',
    program: '/opt/node/bin/node',
    args: ['/proj/app/server.js', '--quiet'],
    cwd: '/proj/app',
    env: {
      PATH: '/usr/bin:/bin',
      HOME: '/tmp',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      MODE: 'quiet',
      API_KEY: 'hunter2-secret',
    },
    code: [real('/opt/node/bin/node'), real('/proj/app/server.js')],
    read: [mount('/proj/app/docs')],
    write: [mount('/proj/app/out')],
    pins: [
      { ...mount('/proj/app/out/.git'), how: 'hold' },
      { ...mount('/proj/app/out/.git/hooks'), how: 'keep' },
    ],
    children: ['/usr/bin/git'],
    hosts: [],
    permission: reading.permission,
    ...changes,
  }
}
