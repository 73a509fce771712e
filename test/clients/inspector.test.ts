import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { installPeers } from '../../bench/peers.ts'
import { configFile, environment, gatewayMissing, sallyport, startGateway, transparent } from '../fixtures/gateway.ts'
import { officials } from './officials.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const inspector = join(root, 'bench/peers/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const runMs = 60_000
const filesystem = officials.find(({ name }) => name === 'filesystem')!

test('the Inspector lists and calls through the gateway on stdio and HTTP what it does without', async (t: TestContext) => {
  const missing = gatewayMissing || installPeers()
  if (missing) return t.skip(missing)
  const folder = mkdtempSync(join(tmpdir(), 'inspected-'))
  try {
    const { command } = filesystem.launch(folder)
    const direct = await both(command, folder)
    assert.match(direct.list, /read_text_file/u)
    assert.match(direct.call, /Zwei Zeilen/u)

    using file = configFile(transparent({ upstream: { command, write: [folder] } }))
    const env = environment(file.folder)
    // The Inspector takes a `--config` on its line for its own.
    const script = join(file.folder, 'gateway.sh')
    writeFileSync(script, `exec '${process.execPath}' '${sallyport}' stdio --config '${file.path}'\n`)
    assert.deepEqual(await both(['sh', script], folder, env), direct)

    await using gateway = await startGateway({ command, write: [folder] })
    const headers = ['--header', `Authorization: Bearer ${gateway.token}`]
    assert.deepEqual(await both([gateway.url, '--transport', 'http', ...headers], folder), direct)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

type Env = Readonly<Record<string, string>>

async function both(target: readonly string[], folder: string, env: Env = {}): Promise<{ list: string; call: string }> {
  const readme = join(folder, 'project', 'readme.md')
  const call = ['--method', 'tools/call', '--tool-name', 'read_text_file', '--tool-arg', `path=${readme}`]
  return {
    list: await inspect([...target, '--method', 'tools/list'], env),
    call: await inspect([...target, ...call], env),
  }
}

function inspect(words: readonly string[], env: Env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inspector, '--cli', ...words, '--format', 'json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      timeout: runMs,
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', code =>
      code === 0 ? resolve(stdout) : reject(new Error(`inspector ended with ${code}: ${stderr}`)),
    )
  })
}
