import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { loadHere } from './find-config.ts'
import { followConfig } from './follow-config.ts'

test('a change is put in force, and a mistake is told with its place while the old one stays', async t => {
  const path = join(temporaryFolder(), 'sallyport.yaml')
  writeFileSync(path, 'version: 1\n')
  const config = await loadHere(path)
  assert.ok(config)
  const [modes, said]: [string[], string[]] = [[], []]
  const reload = async ({ policy: { mode } }: { policy: { mode: string } }) => void modes.push(mode)
  const following = followConfig({ named: path, config, reload, say: text => said.push(text) })
  t.after(() => following.close())
  const until = async (wanted: RegExp) => {
    for (let n = 0; n < 100 && !wanted.test(said.join('\n')); n++) await sleep(50)
    assert.match(said.join('\n'), wanted)
  }
  writeFileSync(path, 'version: 1\nmode: lockdown\n')
  await until(/configuration reloaded/u)
  assert.deepEqual(modes, ['lockdown'])
  writeFileSync(path, 'version: 1\nmode: asleep\n')
  await until(/sallyport\.yaml:2:7: mode/u)
  assert.deepEqual(modes, ['lockdown'])
})

test('what only a start reads is said to wait for one, and what a reload should say twice is said', async t => {
  const path = join(temporaryFolder(), 'sallyport.yaml')
  writeFileSync(path, 'version: 1\n')
  const config = await loadHere(path)
  assert.ok(config)
  const said: string[] = []
  const following = followConfig({ named: path, config, reload: async () => {}, say: text => said.push(text) })
  t.after(() => following.close())
  const written = `version: 1
gateway: { port: 7444, requireToken: false, sandboxAtLeast: none }
audit: { keepDays: 7 }
servers: { far: { url: "http://mcp.example.com/mcp" } }
`
  writeFileSync(path, written)
  for (let n = 0; n < 100 && !/next start/u.test(said.join('\n')); n++) await sleep(50)
  assert.equal(said.at(-1), 'from the next start on, and not now: gateway.port, gateway.sandboxAtLeast, audit.keepDays')
  assert.match(said.join('\n'), /warning: .*sallyport\.yaml:4.*http:/u)
})

test('a model that cannot be run is not put in force by a change either', async t => {
  const folder = layOut({ 'a.onnx': 'weights', 'tokenizer.json': '{}', 'sallyport.yaml': 'version: 1\n' })
  const path = join(folder, 'sallyport.yaml')
  const config = await loadHere(path)
  assert.ok(config)
  const said: string[] = []
  let reloads = 0
  const reload = async () => void reloads++
  const following = followConfig({ named: path, config, reload, say: text => said.push(text) })
  t.after(() => following.close())
  writeFileSync(path, 'version: 1\nmodel:\n  onnx: { file: ./a.onnx }\n')
  for (let n = 0; n < 400 && said.length === 0; n++) await sleep(50)
  assert.match(said.join('\n'), /the old one stays in force:\n.*sallyport\.yaml:3:\d+: model\.onnx\./u)
  assert.equal(reloads, 0)
})
