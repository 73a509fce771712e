import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { killedAt } from '../../test/killed-at.ts'
import { osvService } from '../../test/osv-service.ts'

/** A state folder with one stored server, and the command line over it. */
function home(t: { after(done: () => void): void }, name: string, version: string) {
  const state = mkdtempSync(join(tmpdir(), 'advisories-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  assert.match(killedAt('add', { root: join(state, 'packages'), name, version }).said, /"ok":true/u)
  const run = async (...words: string[]) => {
    // A registry that answers nothing: what it would say is not under test, and nobody outside is asked.
    const env = {
      ...process.env,
      SALLYPORT_STATE: state,
      NPM_CONFIG_REGISTRY: 'http://127.0.0.1:1',
      NPM_CONFIG_FETCH_RETRIES: '0',
    }
    const child = spawn(process.execPath, ['src/cli/main.ts', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.on('data', text => (said.out += text))
    child.stderr.on('data', text => (said.err += text))
    const [code] = await once(child, 'close')
    return { code, ...said }
  }
  return { state, run }
}

const slow = { timeout: 120_000 }

test('an installed server with a new flaw is named by the list, by the doctor and by the register, with the age of what is known', {
  ...slow,
  ...proves('C6.advisories'),
}, async t => {
  const { run } = home(t, 'quiet-server', '1.0.0')
  const before = await run('server', 'advisories')
  assert.equal(before.code, 0)
  assert.match(before.out, /short list that ships is \d+ days? old[\s\S]*quiet-server: unknown/u)
  const asDoctor = async () =>
    JSON.parse((await run('doctor', '--json')).out).find(({ name }: { name: string }) => /published flaw/u.test(name))
  const unknown = await asDoctor()
  assert.equal(unknown.state, 'unknown')
  assert.match(unknown.detail, /quiet-server.*days? old.*--update/u)
  const { url } = await osvService(t, [{ id: 'GHSA-new', ecosystem: 'npm', name: 'quiet-server', versions: ['1.0.0'] }])
  const updated = await run('server', 'advisories', '--update', '--osv', url)
  assert.equal(updated.code, 1, updated.err)
  assert.match(
    updated.out,
    /the list is 0 days old[\s\S]*quiet-server: affected[\s\S]*GHSA-new \(high\) quiet-server@1\.0\.0: flaw of/u,
  )
  const failed = await asDoctor()
  assert.deepEqual(
    [failed.state, /quiet-server \(GHSA-new\); the list is 0 days old/u.test(failed.detail)],
    ['failed', true],
  )
  const listed = await run('server', 'list')
  assert.equal(listed.code, 1)
  assert.match(listed.out, /! quiet-server: affected/u)
})

test('a service that cannot be reached changes nothing, is said, and is no all-clear', slow, async t => {
  const { state, run } = home(t, 'mcp-remote', '0.1.15')
  const failed = await run('server', 'advisories', '--update', '--osv', 'http://127.0.0.1:1')
  assert.equal(failed.code, 3)
  assert.match(failed.err, /were not updated.*stays/u)
  assert.match(failed.out, /mcp-remote: affected[\s\S]*CVE-2025-6514/u)
  assert.equal(existsSync(join(state, 'packages', 'advisories.json')), false)
  const file = join(state, 'list.json')
  writeFileSync(file, '{"no":"list"}')
  assert.equal((await run('server', 'advisories', '--from', file)).code, 3)
  writeFileSync(
    file,
    JSON.stringify({ version: 1, takenAt: new Date().toISOString(), isComplete: true, advisories: [] }),
  )
  const offline = await run('server', 'advisories', '--from', file, '--json')
  assert.equal(JSON.parse(offline.out).servers[0].check.state, 'affected', 'what ships still counts')
})
