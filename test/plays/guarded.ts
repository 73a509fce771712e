import { configFile, environment, sallyport, startGateway, transparent } from '../fixtures/gateway.ts'
import { scripted, scriptedHttp } from '../fixtures/running.ts'
import type { Rpc, Script } from '../fixtures/scripted-acts.ts'
import { httpTalker } from './http-talker.ts'
import { obliging } from './play.ts'
import { stdioTalker } from './stdio-talker.ts'
import { type Era, greet, type Talker } from './talker.ts'

/** Both ends speak the same transport. */
export const lines = ['stdio', 'http'] as const
export const eras: readonly Era[] = ['legacy', 'modern']

export type Guarded = {
  readonly line: (typeof lines)[number]
  readonly era: Era
  readonly script: Script
  /** Settings of the one server, which is called `upstream`. */
  readonly server?: Rpc
  /** Laid over the configuration in which nothing is objected to. */
  readonly config?: Rpc
}

export type GuardedScene = {
  readonly talker: Talker
  seen(): readonly Rpc[]
  /** Where the gateway's state lies. */
  readonly folder: string
  [Symbol.asyncDispose](): Promise<void>
}

/** The real gateway between a real client and a real server, with settings of the test's own; already greeted. */
export async function guarded(wanted: Guarded): Promise<GuardedScene> {
  const scene = wanted.line === 'stdio' ? await overStdio(wanted) : await overHttp(wanted)
  await greet(scene.talker)
  await scene.talker.request('tools/list')
  return scene
}

async function overStdio({ script, era, ...settings }: Guarded): Promise<GuardedScene> {
  const { command, folder: scriptFolder, seen, [Symbol.dispose]: removeScript } = scripted(script)
  const config = configured({ command, write: [scriptFolder] }, settings)
  const { path, folder, [Symbol.dispose]: remove } = configFile(config)
  const words = [process.execPath, sallyport, 'stdio', '--config', path]
  const talker = stdioTalker(words, era, { answer: obliging, env: environment(folder) })
  const close = async () => {
    await talker.close()
    removeScript()
    remove()
  }
  return { talker, seen, folder, [Symbol.asyncDispose]: close }
}

async function overHttp({ script, era, ...settings }: Guarded): Promise<GuardedScene> {
  const { url, seen, stop } = await scriptedHttp(script)
  const gateway = await startGateway({ config: configured({ url }, settings) })
  const talker = httpTalker(gateway.url, era, { answer: obliging, token: gateway.token })
  const close = async () => {
    await talker.close()
    await gateway.stop()
    await stop()
  }
  return { talker, seen, folder: gateway.folder, [Symbol.asyncDispose]: close }
}

type Settings = Pick<Guarded, 'server' | 'config'>

function configured(upstream: Parameters<typeof transparent>[0][string], { server, config }: Settings): Rpc {
  const base = transparent({ upstream })
  const { upstream: written } = base['servers'] as { upstream: Rpc }
  return { ...base, servers: { upstream: { ...written, ...server } }, ...config }
}
