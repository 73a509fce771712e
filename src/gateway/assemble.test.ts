import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { layOut } from '../../test/temporary.ts'
import type { Config, ServerConfig } from '../config/config.ts'
import { defaultConfig } from '../config/defaults.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import { guards } from '../guards/index.ts'
import { frameOf } from '../wire/envelope.ts'
import type { Exchange } from '../wire/link.ts'
import { assemble } from './assemble.ts'
import { localPrincipal } from './local-principal.ts'
import { nobody } from './nobody.ts'
import { openPorts } from './open-ports.ts'

const program = fileURLToPath(new URL('../cli/doctor-server.ts', import.meta.url))

function server(name: string, cwd = '/'): [ServerName, ServerConfig] {
  const branded = name as ServerName
  const one: ServerConfig = {
    name: branded,
    connect: { kind: 'command', command: [process.execPath, program], cwd, env: new Map() },
    traits: { writers: 'unknown' },
    settings: defaultsOf(serverOptions),
    effects: new Map(),
    permissions: undefined,
  }
  return [branded, one]
}

function configOf(...servers: [ServerName, ServerConfig][]): Config {
  return { ...defaultConfig(guards), servers: new Map(servers) }
}

function open(config: Config) {
  process.env['SALLYPORT_STATE'] = layOut({})
  const states: string[] = []
  const ports = openPorts({ config, accept: ['none'], say: () => {} })
  const gateway = assemble(config, {
    ...ports,
    approval: nobody,
    face: 'stdio',
    onState: (name, { kind }) => states.push(`${name} ${kind}`),
  })
  let id = 0
  const say = async (method: string, params: object = {}): Promise<string> => {
    const answer = Promise.withResolvers<string>()
    const exchange: Exchange = {
      frame: frameOf({ kind: 'request', id: ++id, method, params: { ...params } }),
      era: 'legacy',
      connection: 'one',
      principal: localPrincipal(),
      headers: {},
      signal: AbortSignal.timeout(20_000),
      send: async () => {},
      end: async reply => answer.resolve(JSON.stringify(reply?.frame.envelope ?? null)),
    }
    await gateway.hub.accept(exchange)
    return answer.promise
  }
  const close = async () => {
    await gateway.close()
    await ports.close()
  }
  return { gateway, states, say, close }
}

const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }

test('a reload starts anew what changed, and leaves the other servers and their connections alone', async () => {
  const { gateway, states, say, close } = open(configOf(server('a'), server('b')))
  try {
    await say('initialize', hello)
    assert.match(await say('tools/list'), /a__read_count.*b__read_count/u)
    states.length = 0
    await gateway.reload(configOf(server('a'), server('b', '/tmp')))
    assert.match(await say('tools/list'), /a__read_count.*b__read_count/u)
    assert.deepEqual([...new Set(states.map(state => state.split(' ')[0]))], ['b'])
  } finally {
    await close()
  }
})

test('a reload changes what is decided from the next message on', async () => {
  const before = configOf(server('a'))
  const { gateway, say, close } = open(before)
  try {
    await say('initialize', hello)
    assert.match(await say('tools/list'), /delete_everything/u)
    const [name, one] = server('a')
    await gateway.reload(configOf([name, { ...one, traits: { ...one.traits, deny: ['delete_*'] } }]))
    const list = await say('tools/list')
    assert.match(list, /read_count/u)
    assert.doesNotMatch(list, /delete_everything/u)
  } finally {
    await close()
  }
})
