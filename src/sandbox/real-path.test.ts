import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { folderOf, realPathOf, resolveDeclared } from './real-path.ts'

test('what is judged is where a path ends, not what was written', () => {
  const home = layOut({ '.ssh/id_rsa': 'x', 'project/docs': '→ ../.ssh', 'project/fine/a': 'x', 'project/up': '→ ..' })
  const judged = (path: string) => {
    const found = resolveDeclared(join(home, path), 'read', home)
    return found.ok ? 'ok' : found.why
  }
  assert.equal(judged('project/fine'), 'ok')
  assert.match(judged('project/docs'), /leads to .*\.ssh.*credentials/u)
  assert.match(judged('project/up'), /leads to .*whole home/u)
  assert.match(judged('project/none'), /does not exist/u)
})

test('a home that is itself reached through a link is still a home', () => {
  const root = layOut({ 'real/ann/.ssh/x': 'x', home: '→ real' })
  const found = resolveDeclared(join(root, 'home', 'ann'), 'read', join(root, 'home', 'ann'))
  assert.ok(!found.ok && /whole home/u.test(found.why))
})

test('a socket is neither a file nor a folder', async () => {
  const root = layOut({ 'a/': '' })
  const server = createServer().listen(join(root, 'a', 's'))
  await once(server, 'listening')
  try {
    const found = resolveDeclared(join(root, 'a', 's'), 'read', '/home/ann')
    assert.ok(!found.ok && /socket/u.test(found.why), JSON.stringify(found))
  } finally {
    server.close()
  }
})

test('a device is refused by name and by kind', () => {
  assert.equal(resolveDeclared('/dev/null', 'read', '/home/ann').ok, false)
})

test('the real path of nothing is nothing', () => {
  assert.equal(realPathOf('/nonexistent/x'), undefined)
  const root = layOut({ 'a/b': 'x' })
  assert.equal(folderOf(realPathOf(join(root, 'a', 'b'))!), join(root, 'a'))
})

test('no document gives a server the folder in which approvals, the store and the token lie, wherever that is', () => {
  const root = layOut({
    'home/.local/state/sallyport/packages/sallyport.lock': '{}',
    'elsewhere/pins/pins.lock': '',
    'elsewhere/audit/': '',
    'elsewhere/servers/memory/': '',
    'project/packages/a.js': '',
    link: '→ elsewhere',
  })
  const inside = ['elsewhere', 'elsewhere/audit', 'elsewhere/servers', 'link']
  for (const path of ['home/.local/state', 'home/.local/state/sallyport', ...inside])
    for (const access of ['read', 'write'] as const) {
      const resolved = resolveDeclared(`${root}/${path}`, access, `${root}/nobody`)
      assert.ok(!resolved.ok && /remembers as approved/u.test(resolved.why), path)
    }
  for (const path of ['project', 'elsewhere/servers/memory'])
    assert.ok(resolveDeclared(`${root}/${path}`, 'write', `${root}/nobody`).ok, path)
})
