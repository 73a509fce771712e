import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { probeMachine } from './probe.ts'

const here = await probeMachine({ asksEngine: false })
const skip = here.bubblewrap.ok ? false : `no bubblewrap here: ${here.bubblewrap.reason}`

test('a sandbox that was tried is described by its layers', { skip }, () => {
  assert.ok(here.bubblewrap.ok)
  for (const layer of ['seccomp', 'network namespace', 'no capabilities'])
    assert.ok(here.bubblewrap.layers.includes(layer))
})

test('without bubblewrap, or without what it needs, the reason is that it is missing', async () => {
  const none = await probeMachine({ asksEngine: false, toolFolders: [temporaryFolder()] })
  assert.ok(!none.bubblewrap.ok && none.bubblewrap.reason === 'missing')
})

test('a program that only looks like bubblewrap is found out by what is read back', async () => {
  const fake =
    '#!/bin/sh\nif [ "$1" = --version ]; then echo 0.8.0; elif [ "$1" = --help ]; then echo --size; else shift 3; exec "$@"; fi\n'
  const folder = layOut({ bwrap: fake, prlimit: '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n' })
  const found = await probeMachine({ asksEngine: false, toolFolders: [folder] })
  assert.ok(!found.bubblewrap.ok)
  assert.equal(found.bubblewrap.reason, 'leaks')
  assert.match(found.bubblewrap.detail, /filter is not active/u)
})

test('a broken program is no sandbox', async () => {
  const folder = layOut({
    bwrap: '#!/bin/sh\necho "bwrap: setting up uid map: x" >&2; exit 1\n',
    prlimit: '#!/bin/sh\n',
  })
  const found = await probeMachine({ asksEngine: false, toolFolders: [folder] })
  assert.equal(found.bubblewrap.ok, false)
})

test('an engine that does not answer is named as such', async () => {
  const folder = layOut({ docker: '#!/bin/sh\nexit 1\n' })
  const found = await probeMachine({ toolFolders: [folder] })
  assert.ok(!found.container.ok && found.container.reason === 'no-answer')
})

/** Runs a probe where user namespaces are off, as in many containers: a real kernel refusal, not a made-up message. */
test('inside a place without user namespaces the probe says so', { skip }, () => {
  const script = new URL('probe.ts', import.meta.url).pathname
  const code = `import(${JSON.stringify(script)}).then(m=>m.probeMachine({asksEngine:false})).then(m=>console.log(JSON.stringify(m.bubblewrap)))`
  const off = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
  const argv = ['--user', '--map-root-user', '--', '/bin/sh', '-c', off, 'sh', process.execPath, '-e', code]
  const ran = spawnSync('unshare', argv, { encoding: 'utf8' })
  const found = JSON.parse(ran.stdout)
  assert.equal(found.ok, false, ran.stderr)
  assert.equal(found.reason, 'user-namespaces-off')
})
