import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { explainPermission } from '../../src/sandbox/explain.ts'
import { readPermission } from '../../src/sandbox/permission.ts'
import { attackerScript, houseOf, people, play, skip } from './sandbox/play.ts'

for (const person of people)
  test(`${person.name}: unix sockets reach what other programs keep in given folders, which is said, and nothing else`, {
    skip,
  }, async () => {
    const { home, project, settle } = houseOf(person)
    mkdirSync(join(project, 'given'))
    settle()
    const abstract = `\0sallyport-${randomBytes(6).toString('hex')}`
    const places = { given: join(project, 'given', 'sock'), outside: join(project, 'sock'), abstract }
    const heard = new Set<string>()
    const servers = await Promise.all(
      Object.entries(places).map(async ([name, path]) => {
        const server = net.createServer(() => heard.add(name))
        await new Promise<void>(resolve => server.listen(path, resolve))
        if (!path.startsWith('\0')) chmodSync(path, 0o777)
        return server
      }),
    )
    try {
      // An argument cannot hold the zero byte with which an abstract name begins, so it is written down.
      const command = ['node', attackerScript, JSON.stringify({ unix: Object.values(places) })]
      const permissions = { files: { read: [join(project, 'given')] }, unixSockets: true }
      const run = await play(person, { command, cwd: project, permissions }, { HOME: home })
      assert.equal(run.attempts().size, 3, run.stderr)
      assert.deepEqual([...heard], ['given'])
      const reading = readPermission(permissions, { cwd: project, home })
      assert.ok(reading.ok)
      assert.match(
        explainPermission(reading.permission).can.join(),
        /reach those that other programs keep in the folders/u,
      )
    } finally {
      for (const server of servers) server.close()
    }
  })
