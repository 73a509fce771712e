import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { configFile, environment, gatewayMissing, sallyport, startGateway, transparent } from '../fixtures/gateway.ts'
import { type Official, officials } from './officials.ts'
import { type SdkClient, sdkClients, type Way } from './sdk-clients.ts'

const through = { skip: gatewayMissing }

for (const official of officials)
  for (const client of sdkClients) {
    const isMute = client.isPinned && official.isLegacy

    test(`${client.name} and ${official.name} understand each other`, async () => {
      const heard = await directly(client, official)
      if (isMute) assert.match(String(heard), /2026-07-28|ERA|era|version/u)
      else assert.ok(Array.isArray(heard) && heard.length === official.asks('').length)
    })

    test(`${client.name} hears the same from ${official.name} through the gateway on stdio`, through, async () => {
      assert.deepEqual(await onStdio(client, official), await directly(client, official))
    })

    test(`${client.name} hears the same from ${official.name} through the gateway on HTTP`, through, async () => {
      const heard = await onHttp(client, official)
      // Why a server cannot be spoken to is worded after the transport; that it cannot must be the same.
      if (isMute) assert.equal(typeof heard, 'string')
      else assert.deepEqual(heard, await directly(client, official))
    })
  }

const known = new Map<string, Promise<unknown>>()

function directly(client: SdkClient, official: Official): Promise<unknown> {
  const key = `${client.name} ${official.name}`
  const heard = known.get(key) ?? inFolder(official, (folder, way) => converse(client, { official, folder, way }))
  known.set(key, heard)
  return heard
}

function onStdio(client: SdkClient, official: Official): Promise<unknown> {
  return inFolder(official, async (folder, server) => {
    using file = configFile(transparent({ upstream: server }))
    const command = [process.execPath, sallyport, 'stdio', '--config', file.path]
    return await converse(client, { official, folder, way: { command, env: environment(file.folder) } })
  })
}

function onHttp(client: SdkClient, official: Official): Promise<unknown> {
  return inFolder(official, async (folder, server) => {
    await using gateway = await startGateway(server)
    return await converse(client, { official, folder, way: gateway })
  })
}

/** One folder at a time under one name, so that paths in answers are the same on every way. */
async function inFolder<T>(
  official: Official,
  run: (folder: string, server: Extract<Way, { command: unknown }> & { write: readonly string[] }) => Promise<T>,
): Promise<T> {
  const folder = names.get(official) ?? named(official)
  mkdirSync(folder, { recursive: true })
  try {
    return await run(folder, { ...official.launch(folder), write: [folder] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const names = new Map<Official, string>()

function named(official: Official): string {
  const made = mkdtempSync(join(tmpdir(), 'parity-'))
  names.set(official, made)
  return made
}

/** All questions and answers, or why there was no conversation. */
async function converse(
  client: SdkClient,
  { official, folder, way }: { official: Official; folder: string; way: Way },
): Promise<unknown> {
  const opened = await client.open(way).catch(error => `no conversation: ${(error as Error).message}`)
  if (typeof opened === 'string') return opened
  try {
    const answers: unknown[] = []
    for (const what of official.asks(folder)) answers.push(await opened.ask(what))
    return answers
  } finally {
    await opened.close()
  }
}
