import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { parse } from 'yaml'
import { bearerRelay } from '../fixtures/bearer-relay.ts'
import { gatewayMissing, startGateway, type Upstream } from '../fixtures/gateway.ts'
import { fixtures, start } from '../fixtures/running.ts'
import { clientScenario, type Revision, revisions, type Summary, serverSuite } from './suite.ts'

const expected: Readonly<Record<Revision, { passed: number; failed: number }>> = {
  '2025-11-25': { passed: 84, failed: 0 },
  // What fails is the tasks extension, which the suite does not score and the SDK under the fixture does not have.
  '2026-07-28': { passed: 164, failed: 30 },
}

const through = { skip: gatewayMissing }
const direct = new Map<Revision, Promise<Summary>>()

for (const revision of revisions) {
  test(`the fixture server does all that ${revision} requires`, async () => {
    const { scenarios, ...counted } = await directly(revision)
    assert.deepEqual(counted, expected[revision])
    const failing = Object.keys(scenarios).filter(name => !scenarios[name]?.endsWith(' 0 failed'))
    assert.deepEqual(
      failing.filter(name => !name.startsWith('tasks-')),
      [],
    )
  })

  test(`through the gateway, HTTP to HTTP, the ${revision} summary is the same`, through, async () => {
    await using server = await start([fixtures.conformance])
    assert.deepEqual(await behindGateway({ url: server.line }, revision), await directly(revision))
  })

  test(`through the gateway, HTTP to stdio, the ${revision} summary is the same`, through, async () => {
    const seen = await behindGateway({ command: [process.execPath, fixtures.conformance, 'stdio'] }, revision)
    assert.deepEqual(withoutStreams(seen), withoutStreams(await directly(revision)))
  })

  for (const name of clientScenarios(revision)) {
    let straight: Summary | undefined

    test(`client scenario ${name} of ${revision} passes without a gateway`, async () => {
      straight = await clientScenario(name, revision)
      assert.equal(straight.failed, 0)
      assert.ok(straight.passed > 0)
    })

    test(`client scenario ${name} of ${revision} passes through the gateway`, through, async () => {
      const { passed, failed, scenarios } = await clientScenario(name, revision, true)
      assert.deepEqual({ passed, failed }, { passed: straight?.passed, failed: 0 }, scenarios[name])
    })
  }
}

function directly(revision: Revision): Promise<Summary> {
  const known = direct.get(revision) ?? measure(revision)
  direct.set(revision, known)
  return known
}

async function measure(revision: Revision): Promise<Summary> {
  await using server = await start([fixtures.conformance])
  return await serverSuite(server.line, revision)
}

async function behindGateway(upstream: Upstream, revision: Revision): Promise<Summary> {
  await using gateway = await startGateway(upstream)
  await using relay = await bearerRelay(gateway.url, gateway.token)
  return await serverSuite(relay.url, revision)
}

const aboutStreams = new Set(['server-sse-polling', 'server-sse-multiple-streams'])

/** A stdio server has no event streams: none to come back to, and none to count. Nothing of that may fail either. */
function withoutStreams({ scenarios }: Summary): Record<string, string> {
  const entries = Object.entries(scenarios)
  return Object.fromEntries(
    entries.map(([name, counted]) => [name, aboutStreams.has(name) ? counted.replace(/^\d+ passed, /u, '') : counted]),
  )
}

/** The scenarios a revision requires of clients, without the ones about authorisation: a gateway ends that itself. */
function clientScenarios(revision: Revision): readonly string[] {
  const file = `node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`
  const { client, not_scored } = parse(readFileSync(file, 'utf8')) as Requirements
  const extra = not_scored.filter(({ leg }) => leg === 'client').map(({ scenario }) => scenario)
  return [...client, ...extra].filter(name => !name.startsWith('auth/'))
}

type Requirements = { client: string[]; not_scored: { scenario: string; leg: string }[] }
