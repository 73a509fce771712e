import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { layOut, temporaryFolder } from '../../test/temporary.ts'

const one = `sha256:${'1'.repeat(64)}`
const two = `sha256:${'2'.repeat(64)}`

// No engine is needed: this stands for its client, and says which digest the tag has now.
const client = `#!/bin/sh
[ "$1" = image ] && { printf '["mcp/time@%s"]' "$(/bin/cat "\${0%/*}/digest")"; exit 0; }
echo started >&2
`
const clientInfo = { name: 'x', version: '1' }
const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
const hello = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`

test(
  'an image is held at the digest that its tag had, and its server starts neither before nor inside walls',
  proves('C1.pin'),
  () => {
    const state = temporaryFolder()
    const place = layOut({ docker: client, digest: one })
    const run = (...args: string[]) => {
      const env = { ...process.env, PATH: `${place}:${process.env['PATH']}`, SALLYPORT_STATE: state }
      const options = { env, cwd: place, input: hello, encoding: 'utf8', timeout: 50_000 } as const
      const ended = spawnSync(process.execPath, [`${import.meta.dirname}/main.ts`, ...args], options)
      return { code: ended.status, said: (ended.stdout + ended.stderr).replaceAll('\n', ' ') }
    }
    const add = (name: string) => run('server', 'add', name, 'mcp/time', '--image', '--why', 'tells the time')
    const start = ['exec', '--', 'docker', 'run', '-i', '--rm', 'mcp/time', '--zone', 'UTC']
    assert.match(run(...start).said, /not pinned.*server add NAME mcp\/time --image/u)
    const added = add('clock')
    assert.ok(added.code === 0 && added.said.includes(one), added.said)
    layOut({ digest: two }, place)
    assert.match(add('other').said, /is pinned at sha256:1+, and now means sha256:2+/u)
    const listed = run('server', 'list').said
    assert.ok(listed.includes('image:docker.io/mcp/time'), listed)
    assert.match(run('update', 'clock').said, /clock is an image/u)
    assert.match(run(...start).said, /not reachable from inside.*sandboxAtLeast: none/u)
    assert.match(run('server', 'remove', 'clock').said, /removed clock/u)
    assert.match(run(...start).said, /not pinned/u)
  },
)
