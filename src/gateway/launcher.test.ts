import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { Connect, ServerConfig } from '../config/config.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import { pinImage } from '../trust/image-pin.ts'
import { changeLock } from '../trust/store-change.ts'
import { folderOf, hintFor, newLauncher } from './launcher.ts'

const cwd = layOut({ 'server.js': '', 'api.key': 'hunter2\n' })

function server(connect: Partial<Extract<Connect, { kind: 'command' }>> = {}, permissions?: object): ServerConfig {
  return {
    name: 'files' as ServerName,
    connect: { kind: 'command', command: [process.execPath, join(cwd, 'server.js')], cwd, env: new Map(), ...connect },
    traits: { writers: 'unknown' },
    settings: defaultsOf(serverOptions),
    effects: new Map(),
    permissions: permissions === undefined ? undefined : { ...permissions },
  }
}

test('a server without a sandbox is started only where that was accepted, and what is lost is told', async () => {
  const told: string[] = []
  const launcher = newLauncher({
    stateFolder: layOut({}),
    accept: ['none'],
    onLaunch: (_, { launch, losses }) => told.push(launch.tier, ...losses),
  })
  const { launch, source, release } = await launcher(server())
  await release()
  assert.equal(launch.tier, 'none')
  assert.equal(source, 'strict default')
  assert.equal(told[0], 'none')
  assert.ok(told.length > 1)
  await assert.rejects(newLauncher({ stateFolder: layOut({}), accept: [] })(server()), /no sandbox for files/u)
})

test('an image starts as the digest that was pinned for its tag, and that is what the record calls it', async () => {
  const digest = `sha256:${'1'.repeat(64)}`
  const image = { repository: 'docker.io/mcp/time', tag: '1', digest, pinnedAt: '2026-01-01T00:00:00.000Z' }
  const root = layOut({})
  const command = [join(layOut({ docker: '#!/bin/sh\n' }), 'docker'), 'run', '-i', 'mcp/time:1', 'x'] as const
  const options = { stateFolder: layOut({}), packagesFolder: root, accept: ['full', 'none'] } as const
  await assert.rejects(newLauncher(options)(server({ command })), /not pinned/u)
  await assert.rejects(newLauncher({ stateFolder: root, accept: ['none'] })(server({ command })), /not pinned/u)
  changeLock({ root }, lock => pinImage(lock, image))
  const { launch, artefact, release } = await newLauncher(options)(server({ command }))
  await release()
  assert.deepEqual(launch.args.slice(-4), ['run', '-i', `mcp/time@${digest}`, 'x'])
  assert.deepEqual([launch.tier, artefact], ['none', digest])
  await assert.rejects(newLauncher({ ...options, accept: ['full'] })(server({ command })), /not reachable from inside/u)
})

test('an image that nobody can name starts only without walls, is called not held, and not for who decides on all', async () => {
  const place = layOut({ docker: '#!/bin/sh\n' })
  for (const words of [
    ['compose', 'run', 'x'],
    ['exec', '-i', 'x', 'serve'],
    ['start', '-ai', 'x'],
  ]) {
    const command = [join(place, 'docker'), ...words] as const
    const all = { stateFolder: layOut({}), packagesFolder: layOut({}) }
    const open = newLauncher({ ...all, accept: ['full', 'none'] })
    const { losses, launch, release } = await open(server({ command }))
    await release()
    assert.equal(launch.tier, 'none')
    assert.match(losses.join('\n'), /its image is not held by digest: /u)
    await assert.rejects(
      newLauncher({ ...all, accept: ['full', 'reduced'] })(server({ command })),
      /not reachable from/u,
    )
    const manual = { ...server({ command }), settings: { ...defaultsOf(serverOptions), trust: 'manual' as const } }
    await assert.rejects(open(manual), /not held by digest: .*repository@sha256/iu)
  }
  const hidden = ['/bin/sh', '-c', `${place}/docker run mcp/time`] as const
  await assert.rejects(
    newLauncher({ stateFolder: place, accept: ['full'] })(server({ command: hidden })),
    /not reachable/u,
  )
})

test('what the gateway has in its environment is not handed on', async () => {
  process.env['GATEWAY_ONLY'] = 'kept here'
  const { launch, release } = await newLauncher({ stateFolder: layOut({}), accept: ['none'] })(server())
  await release()
  assert.equal(launch.env['GATEWAY_ONLY'], undefined)
})

test('a document’s variable is read from a file beside it, and one that is not there is named and never empty', async () => {
  const launcher = newLauncher({ stateFolder: layOut({}), accept: ['none'] })
  const key = (name: string) => ({ env: { KEY: '$'.concat(`{file:${name}}`) } })
  const { launch, release } = await launcher(server({}, key('api.key')))
  await release()
  assert.equal(launch.env['KEY'], 'hunter2')
  await assert.rejects(launcher(server({}, key('none.key'))), /file:none\.key for KEY was not found/u)
})

test('a document that gives too much keeps the server from starting, with the place', async () => {
  const launcher = newLauncher({ stateFolder: layOut({}), accept: ['none'] })
  await assert.rejects(launcher(server({}, { files: { read: ['/'] } })), /permissions of files: files\.read/u)
})

test('a server on the network is nothing that could be launched', async () => {
  const far = { ...server(), connect: { kind: 'url', url: 'http://127.0.0.1:9', headers: new Map() } as const }
  await assert.rejects(newLauncher({ stateFolder: layOut({}), accept: ['none'] })(far), TypeError)
})

test('each server has a folder of its own, and its name cannot lead elsewhere', () => {
  const root = layOut({})
  const folder = folderOf(root, '../../etc')
  assert.equal(folder, join(root, '______etc'))
  assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test('a local server that went is followed by how to see what it was refused; a remote one, or one that never started, is not', () => {
  assert.match(hintFor(server(), { hasRun: true }), process.platform === 'linux' ? /sallyport sandbox learn/u : /^$/u)
  assert.equal(hintFor(server(), { hasRun: false }), '')
  assert.equal(hintFor(undefined, { hasRun: true }), '')
})

test('where only the weaker tier is accepted, it is tried although the strongest could be had', {
  skip: process.platform === 'linux' ? false : 'Landlock is a part of Linux',
}, async () => {
  const launcher = newLauncher({ stateFolder: layOut({}), accept: ['reduced'] })
  const outcome = await launcher(server()).then(
    async ({ launch, release }) => release().then(() => launch.tier),
    cause => String(cause),
  )
  assert.doesNotMatch(outcome, /not tried/u)
  assert.match(outcome, /^reduced$|root could undo it|Landlock|python3/u)
})
