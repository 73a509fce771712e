import {
  configFile,
  environment,
  readable,
  sallyport,
  startGateway,
  transparent,
  type Upstream,
} from '../fixtures/gateway.ts'
import { scripted, scriptedHttp } from '../fixtures/running.ts'
import type { Rpc, Script } from '../fixtures/scripted-acts.ts'
import { httpTalker } from './http-talker.ts'
import type { Stage } from './play.ts'
import { stdioTalker } from './stdio-talker.ts'

/** A scripted server, how to reach it, and how to end it. */
type Server = { readonly upstream: Upstream; seen(): readonly Rpc[]; stop(): Promise<void> }

async function onStdio(script: Script): Promise<Server> {
  const { command, folder, seen, [Symbol.dispose]: remove } = scripted(script)
  return { upstream: { command, write: [folder] }, seen, stop: async () => remove() }
}

async function onHttp(script: Script): Promise<Server> {
  const { url, seen, stop } = await scriptedHttp(script)
  return { upstream: { url }, seen, stop }
}

export const direct = {
  stdio: {
    name: 'stdio without a gateway',
    async open(script, era, answer) {
      const { upstream, seen, stop } = await onStdio(script)
      const talker = stdioTalker('command' in upstream ? upstream.command : [], era, { answer })
      return { talker, seen, close: () => talker.close().finally(stop) }
    },
  },
  http: {
    name: 'HTTP without a gateway',
    async open(script, era, answer) {
      const { upstream, seen, stop } = await onHttp(script)
      const talker = httpTalker('url' in upstream ? upstream.url : '', era, { answer })
      return { talker, seen, close: () => talker.close().finally(stop) }
    },
  },
} as const satisfies Record<string, Stage>

/** The four pairings, and `exec`, which is the first of them without a configuration. */
export const through: readonly Stage[] = [
  { ...clientOnStdio('exec', onStdio, (_, upstream) => execWords(upstream)), hasDefaults: true },
  clientOnStdio('stdio → stdio', onStdio, path => ['stdio', '--config', path]),
  clientOnStdio('stdio → HTTP', onHttp, path => ['stdio', '--config', path]),
  clientOnHttp('HTTP → stdio', onStdio),
  clientOnHttp('HTTP → HTTP', onHttp),
]

/** `exec` sees no configuration: what its server may touch is said on the line. */
function execWords(upstream: Upstream): readonly string[] {
  if ('url' in upstream) return []
  const reads = readable.flatMap(path => ['--read', path])
  const writes = (upstream.write ?? []).flatMap(path => ['--write', path])
  return ['exec', '--trust', 'auto', ...reads, ...writes, '--', ...upstream.command]
}

type Start = (script: Script) => Promise<Server>
type Words = (config: string, upstream: Upstream) => readonly string[]

function clientOnStdio(name: string, start: Start, words: Words): Stage {
  return {
    name,
    async open(script, era, answer) {
      const { upstream, seen, stop } = await start(script)
      const { path, folder, [Symbol.dispose]: remove } = configFile(transparent({ upstream }))
      const command = [process.execPath, sallyport, ...words(path, upstream)]
      const talker = stdioTalker(command, era, { answer, env: environment(folder) })
      const close = async () => {
        await talker.close()
        await stop()
        remove()
      }
      return { talker, seen, close }
    },
  }
}

function clientOnHttp(name: string, start: Start): Stage {
  return {
    name,
    async open(script, era, answer) {
      const { upstream, seen, stop } = await start(script)
      const gateway = await startGateway(upstream)
      const talker = httpTalker(gateway.url, era, { answer, token: gateway.token })
      const close = async () => {
        await talker.close()
        await gateway.stop()
        await stop()
      }
      return { talker, seen, close }
    },
  }
}
