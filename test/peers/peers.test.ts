import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { type Client, canonical, converse, startHttp, throughExec, throughHttp, throughStdio } from './conversation.ts'
import { builtPeers, type Peer } from './languages.ts'

const modern = '2026-07-28'
const found = builtPeers()
const peers = found.flatMap(peer => ('absent' in peer ? [] : [peer]))
for (const peer of found) if ('absent' in peer) test(`the peer on ${peer.name}`, t => t.skip(peer.absent))

for (const peer of peers) {
  for (const revision of peer.revisions) {
    const client = { ...peer, revision }
    test(`${peer.name} (${revision}) hears through exec what its own server says, but for what the guards refuse`, async () => {
      const [direct, through] = [await overStdio(client, peer), await throughExec(client, peer)]
      same(client, { direct, through, guarded: true })
    })
    test(`${peer.name} (${revision}) hears the same from its own server among two, under its names`, async () => {
      const two = { peer: started(peer), other: started(peer) }
      const [direct, through] = [await overStdio(client, peer), await throughStdio(client, two, 'peer__')]
      same(client, { direct: direct.filter(isSingle), through: through.filter(isSingle) })
    })
  }
  for (const server of peers) {
    const revision = peer.revisions.at(-1) ?? ''
    const client = { ...peer, revision }
    test(`${peer.name} (${revision}) hears the same over stdio from ${server.name}`, async () => {
      const [direct, through] = [await overStdio(client, server), await throughStdio(client, { peer: started(server) })]
      same(client, { direct, through })
    })
    for (const kind of server.kinds.filter(kind => (revision === modern) === (kind === 'stateless')))
      test(`${peer.name} (${revision}) hears the same over HTTP from ${server.name} (${kind})`, t => {
        return overHttp(t, { client, server, kind })
      })
  }
}

test('a client of every language survives that its session ends while a call waits', async t => {
  const [server] = peers
  if (server === undefined) return t.skip('no peer could be built')
  for (const peer of peers) {
    const legacy = peer.revisions.find(revision => revision !== modern) ?? ''
    const client = { ...peer, revision: legacy }
    const own = peers.find(({ name }) => name === 'python') ?? server
    assert.ok((await throughHttp(client, { peer: started(own) })).length > 20, peer.name)
  }
})

function started({ command }: Peer) {
  return { command: [...command, 'stdio'] }
}

const known = new Map<string, Promise<string[]>>()

function overStdio(client: Client, server: Peer): Promise<string[]> {
  const key = `${client.name} ${client.revision} ${server.name}`
  const heard = known.get(key) ?? converse(client, [...server.command, 'stdio'])
  known.set(key, heard)
  return heard
}

type Way = { readonly client: Client; readonly server: Peer; readonly kind: string }

async function overHttp(t: TestContext, { client, server, kind }: Way): Promise<void> {
  const heard: string[][] = []
  for (const through of [false, true]) {
    using running = await startHttp(server, kind)
    heard.push(
      through ? await throughHttp(client, { peer: { url: running.url } }) : await converse(client, [running.url]),
    )
  }
  const [direct = [], through = []] = heard
  t.diagnostic(`${direct.length} answers`)
  same(client, { direct, through })
}

type Heard = { readonly direct: readonly string[]; readonly through: readonly string[]; readonly guarded?: boolean }

/** What the guards of `exec` refuse or shorten on purpose, in every peer. */
const guardedSteps = new Set(['weather', 'nowhere', 'big', 'grown', 'no prompt', 'mixed'])

function same({ revision }: Client, { direct, through, guarded = false }: Heard): void {
  assert.ok(direct.length > 20, `only ${direct.length} answers without the gateway`)
  const lines = through.map((line, i) => {
    // A tool that was added later is shown when a person has taken it: Java hears the list, and misses it there.
    const isUntaken = stepOf(line) === 'heard tools changed' && !line.includes('grown')
    const isOurs = guarded && (isUntaken || (guardedSteps.has(stepOf(line)) && line.includes('Sallyport')))
    return isOurs ? (direct[i] ?? line) : line
  })
  assert.deepEqual(lines.map(plain), direct.map(plain))

  /** Methods that the modern era took away are refused by whoever meets them first, in their own words. */
  function plain(line: string): string {
    // Among several, a person is told which server asks.
    const said = canonical(line)
      .replaceAll(/127\.0\.0\.1:\d+/gu, 'HOST')
      .replace('The server peer asks: ', '')
    const isWorded = /^(?:cancelled|hang)$/u.test(stepOf(line))
    const isGone = revision === modern && /^(?:level|ping|subscribe|unsubscribe)$/u.test(stepOf(line))
    return (isWorded || isGone) && said.includes('error') ? `["${stepOf(line)}","error"]` : said
  }
}

function stepOf(line: string): string {
  return /^\["?([^",\]]+)/u.exec(line)?.[1] ?? line.split(' ', 1)[0] ?? ''
}

/** Lists of several servers are longer, carry names, and are introduced by the gateway; URIs nobody has are refused by it. */
function isSingle(line: string): boolean {
  const step = stepOf(line)
  const isList = /^(?:opening|tools|page|resources?|templates|prompts|list_|no prompt|nowhere|heard tools)/u.test(step)
  return !isList && step !== 'else://where' && step !== 'note://none/gone'
}
