import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { gatewayMissing } from '../fixtures/gateway.ts'
import type { Script } from '../fixtures/scripted-acts.ts'
import { proves } from '../guide/proves.ts'
import { eras, guarded, lines } from './guarded.ts'

// Made up here, so that no file holds what looks like a credential.
const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } })
const script: Script = {
  tools: [[tool('read'), tool('login'), tool('send')]],
  calls: { read: [[{ text: `token: ${token}` }]] },
}
const config = {
  preset: 'careful',
  policy: [
    { name: 'keys stay here', match: { findings: { rule: 'secrets/*' } }, then: 'rewrite', as: 'mask' },
    { name: 'the deployer may have them', match: { tool: 'login' }, then: 'allow', unmask: 'secrets/*' },
  ],
}

for (const line of lines)
  for (const era of eras)
    test(`a masked secret comes back for the tool that policy names and for no other, over ${line} in the ${era} era`, {
      skip: gatewayMissing,
      timeout: 60_000,
      ...proves('T7.scrub'),
    }, async () => {
      await using scene = await guarded({ line, era, script, config })
      const call = (name: string, args = {}) => scene.talker.request('tools/call', { name, arguments: args })
      const [placeholder = ''] = /masked_secrets-github-token_[\w-]{22}/u.exec((await call('read')).raw) ?? []
      assert.ok(placeholder)
      const arrived = () => JSON.stringify(scene.seen())
      await call('login', { key: placeholder })
      assert.ok(arrived().includes(token), 'the named tool gets the value')
      await call('send', { text: placeholder })
      assert.ok(arrived().includes(placeholder), 'any other gets the placeholder')
      const forged = `masked_secrets-github-token_${'A'.repeat(22)}`
      const refused = await call('login', { key: forged })
      assert.match(refused.raw, /masking\/unknown.*stands for nothing/u)
      assert.ok(!arrived().includes(forged))
      const state = join(scene.folder, 'state')
      for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' }))
        assert.ok(!contentOf(join(state, name)).includes(token), `${name} holds the value`)
    })

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
