import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { configFile, environment, sallyport, startGateway, transparent } from '../fixtures/gateway.ts'

const here = join(dirname(fileURLToPath(import.meta.url)), 'python')
const folder = join(dirname(dirname(dirname(here))), '.cache', 'python-peer')
const python = join(folder, 'bin', 'python')
const [serverFile, clientFile] = [join(here, 'server.py'), join(here, 'client.py')]
const missing = install()
const eras = ['legacy', 'auto']

for (const era of eras) {
  test(
    `the Python SDK (${era}) hears the same through exec, in the sandbox, without naming its interpreter`,
    through(async () => {
      using file = configFile({})
      const command = [process.execPath, sallyport, 'exec', '--read', here, '--', python, serverFile, 'stdio']
      const heard = await ask(era, command, environment(file.folder))
      assert.deepEqual(heard, await directly(era))
    }),
  )

  test(
    `the Python SDK (${era}) hears the same from its own HTTP servers through the gateway`,
    through(async t => {
      for (const kind of ['http', 'stateless']) {
        const url = await serve(t, kind)
        await using gateway = await startGateway({ url })
        const heard = await ask(era, [gateway.url], { TOKEN: gateway.token })
        assert.deepEqual(heard, await ask(era, [url], {}), kind)
      }
    }),
  )

  test(
    `the Python SDK (${era}) hears the same over HTTP from a stdio server`,
    through(async () => {
      const config = transparent({ upstream: { command: [python, serverFile, 'stdio'] } })
      await using gateway = await startGateway({ config })
      assert.deepEqual(await ask(era, [gateway.url], { TOKEN: gateway.token }), await directly(era))
    }),
  )
}

type Body = (t: TestContext) => Promise<void>

function through(body: Body): Body {
  return async t => (missing ? t.skip(missing) : await body(t))
}

const known = new Map<string, Promise<unknown>>()

function directly(era: string): Promise<unknown> {
  const heard = known.get(era) ?? ask(era, [python, serverFile, 'stdio'], {})
  known.set(era, heard)
  return heard
}

const run = promisify(execFile)

/** Everything the client was told, without what says who told it. */
async function ask(era: string, words: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> {
  const options = { env: { ...process.env, NODE_NO_WARNINGS: '1', ...env }, timeout: 90_000, maxBuffer: 2 ** 24 }
  const { stdout } = await run(python, ['-W', 'ignore', clientFile, era, ...words], options)
  return JSON.parse(stdout, (key, value) => (key === '_meta' ? undefined : value))
}

async function serve(t: TestContext, kind: string): Promise<string> {
  const port = await freePort()
  const child = execFile(python, [serverFile, kind, String(port)], { maxBuffer: 2 ** 24 })
  t.after(() => child.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}/mcp`
  for (let tries = 0; tries < 100; tries++) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return url
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not come up`)
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** The pinned SDK in an environment of its own, made once; why not, where it cannot be had. */
function install(): string | undefined {
  const wanted = readFileSync(join(here, 'requirements.txt'), 'utf8').trim()
  const installed = join(folder, 'lib')
  if (existsSync(installed) && done(python, ['-c', `import mcp.client.streamable_http, mcp_types`])) return undefined
  if (!done('python3', ['-m', 'venv', folder]))
    return 'python3 with venv is not installed (apt-get install python3-venv)'
  const words = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', wanted]
  return done(python, words) ? undefined : `pip could not install ${wanted}`
}

function done(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore', timeout: 180_000 }).status === 0
}
