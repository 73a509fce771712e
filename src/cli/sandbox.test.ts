import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

const folder = layOut({ 'project/': '', 'server.js': '' })
const config = {
  version: 1,
  servers: {
    files: {
      command: [process.execPath, './server.js'],
      why: 'a test',
      env: { API_KEY: '$'.concat('{env:NO_SUCH_KEY}') },
      permissions: { files: { read: ['./server.js'], write: ['./project'] } },
    },
    memory: { command: ['npx', '@modelcontextprotocol/server-memory'], why: 'a test' },
    far: { url: 'http://127.0.0.1:9/mcp', why: 'a test' },
  },
}
writeFileSync(join(folder, 'sallyport.yaml'), JSON.stringify(config))
const sandbox = (...words: string[]) => command(['sandbox', ...words, '--config', 'sallyport.yaml'], { folder })

test('explain says in words what a server can and cannot do, and starts nothing', async () => {
  const { code, out } = await sandbox('explain', 'files')
  assert.equal(code, 0)
  assert.match(out, /files \(configuration\)\ncan:\n {2}read .*server\.js/u)
  assert.match(out, /cannot:\n[\s\S]*any other file of yours/u)
  assert.match(out, /use the secret env:NO_SUCH_KEY as API_KEY/u, 'what the configuration gives beside the document')
})

test('what a document of somebody else says is shown in the order in which it is written', async () => {
  const files = { ...config.servers.files, permissions: { files: { read: ['./a\u202eb'] } } }
  writeFileSync(join(folder, 'odd.yaml'), JSON.stringify({ ...config, servers: { files } }))
  const { code, out } = await command(['sandbox', 'explain', 'files', '--config', 'odd.yaml'], { folder })
  assert.equal(code, 0)
  assert.match(out, /a\\u\{202e\}b/u)
})

test('a preset is explained with its real folders, and printed as what a person can begin from', async () => {
  const { out, err } = await sandbox('explain', 'memory')
  assert.match(out, /^memory \(preset .*server-memory\)\nKeeps its notes in a folder of its own/u)
  assert.match(out, /read and change \/.*\/servers\/memory$/mu)
  assert.doesNotMatch(out, /<state>/u)
  assert.match(err, /begin from: sallyport sandbox print memory --target document/u)
  const printed = await sandbox('print', 'memory', '--target', 'document')
  assert.match(printed.out, /^# from the preset @modelcontextprotocol\/server-memory\n/u)
  const { servers } = parse(printed.out)
  const [write] = servers.memory.permissions.files.write
  const begun = {
    ...config,
    servers: { memory: { ...config.servers.memory, permissions: servers.memory.permissions } },
  }
  writeFileSync(join(folder, 'begun.yaml'), JSON.stringify(begun))
  const again = await command(['sandbox', 'explain', 'memory', '--config', 'begun.yaml'], { folder })
  assert.match(again.out, /^memory \(configuration\)/u)
  assert.ok(again.out.includes(`read and change ${write}`), again.out)
})

test('a server that does not exist, or is elsewhere, is a question for the person who asked', async () => {
  const [unknown, far, target] = await Promise.all([
    sandbox('explain', 'nobody'),
    sandbox('review', 'far'),
    sandbox('print', 'files', '--target', 'vault'),
  ])
  for (const { code, out } of [unknown, far, target]) assert.deepEqual([code, out], [2, ''])
  assert.match(unknown.err, /there are files, memory, far/u)
  assert.match(far.err, /over the network/u)
  assert.match(target.err, /document, bubblewrap, seatbelt, compose, systemd, firejail/u)
})

test('print writes the permissions for another sandbox, and never the secret', async () => {
  const [systemd, seatbelt] = await Promise.all([
    sandbox('print', 'files', '--target', 'systemd'),
    sandbox('print', 'files', '--target', 'seatbelt'),
  ])
  assert.equal(systemd.code, 0, systemd.err)
  assert.match(systemd.out, /\[Service\]/u)
  assert.doesNotMatch(systemd.out, /withheld/u)
  assert.match(systemd.err, /not held by systemd: .*API_KEY/u)
  assert.match(seatbelt.out, /\(deny default\)/u)
})

test('probe names each tier with the reason, and ends with 0 only when the strongest can be had', async () => {
  const { code, out } = await command(['sandbox', 'probe', '--json'], { folder })
  const { best, tiers } = JSON.parse(out)
  assert.deepEqual(
    tiers.map(({ tier }: { tier: string }) => tier),
    ['full', 'container', 'user', 'reduced'],
  )
  assert.ok(tiers.every(({ why }: { why: string }) => why.length > 0))
  assert.equal(code, best === 'full' ? 0 : 1)
})
