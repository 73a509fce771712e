import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gatewayMissing, startGateway } from '../fixtures/gateway.ts'
import { scripted } from '../fixtures/running.ts'
import { httpTalker } from './http-talker.ts'
import { greet } from './talker.ts'

const prlimit = (...words: readonly string[]) => spawnSync('prlimit', words, { stdio: 'ignore', timeout: 10_000 })
const missing = gatewayMissing || (prlimit('--version').error === undefined ? false : 'there is no prlimit here')

test('while its files may not grow the gateway lets nothing pass, and says once that it cannot record and once that it can again', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  using server = scripted({ tools: [[{ name: 'read', inputSchema: { type: 'object' } }]] })
  await using gateway = await startGateway({ command: server.command, write: [server.folder] })
  const talker = httpTalker(gateway.url, 'legacy', { answer: () => ({}), token: gateway.token })
  let n = 0
  const call = async () => {
    const { answer } = await talker.request('tools/call', { name: 'read', arguments: { n: n++ } })
    return JSON.stringify(answer)
  }
  const ran = () => server.seen().filter(entry => JSON.stringify(entry).includes('tools/call')).length
  const said = (what: RegExp) => gateway.stderr().match(what)?.length ?? 0
  const isSaid = async (what: RegExp) => {
    for (let i = 0; i < 100 && said(what) === 0; i++) await sleep(20)
    return said(what)
  }
  try {
    await greet(talker)
    await talker.request('tools/list')
    assert.doesNotMatch(await call(), /audit log/u)
    const before = ran()
    prlimit('--pid', String(gateway.pid), '--fsize=100:unlimited')
    for (let i = 0; i < 5; i++) assert.match(await call(), /cannot write its audit log/u)
    assert.equal(ran(), before)
    assert.equal(await isSaid(/the record cannot be written/gu), 1, gateway.stderr())
    assert.match(gateway.stderr(), /nothing passes until it can: .*no space left \(EFBIG\); free some or move/u)
    assert.equal(said(/the record is written again/gu), 0)
    prlimit('--pid', String(gateway.pid), '--fsize=unlimited:unlimited')
    assert.doesNotMatch(await call(), /audit log/u)
    assert.equal(ran(), before + 1)
    assert.equal(await isSaid(/the record is written again/gu), 1)
    assert.equal(said(/the record cannot be written/gu), 1)
  } finally {
    await talker.close()
  }
})
