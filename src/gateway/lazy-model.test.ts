import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, sceneOf } from '../../test/situation.ts'
import type { ModelConfig } from '../config/model.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import { lazyModel } from './lazy-model.ts'

test('the seat follows the configuration: none, one, another', async () => {
  let config: ModelConfig | undefined
  const model = lazyModel(() => config)
  assert.equal(model.seat(), undefined)
  const message = messageOf({
    kind: 'tool.result',
    tool: 't',
    args: {},
    result: { content: [{ type: 'text', text: 'hello there' }] },
  })
  for (const name of ['one', 'two']) {
    config = {
      ...defaultsOf(modelOptions),
      key: undefined,
      url: 'http://127.0.0.1:1/v1',
      name,
      asks: 'all',
      deadlineMs: 500,
    }
    const [found] = (await model.seat()?.ask(message, sceneOf(), [])) ?? []
    assert.deepEqual([found?.rule, found?.facts['model']], ['model/silent', name])
  }
  await model.close()
})
