import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, sceneOf } from '../../test/situation.ts'
import type { ModelConfig } from '../config/model.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import type { AuditEvent } from '../core/port.ts'
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
      onnx: undefined,
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

test('a model in a file is opened before anybody asks, and which file it was is recorded, or why there is none', async () => {
  const events: AuditEvent[] = []
  const { promise: noted, resolve } = Promise.withResolvers<void>()
  const audit = {
    append(event: AuditEvent) {
      events.push(event)
      resolve()
    },
  }
  const config: ModelConfig = { ...defaultsOf(modelOptions), key: undefined, name: 'weights' }
  const model = lazyModel(() => config, audit)
  model.follow()
  await noted
  const [event] = events
  const { type, model: name, why } = event?.details ?? {}
  assert.deepEqual([event?.kind, event?.severity, type, name], ['config', 'medium', 'model', 'weights'])
  assert.equal(typeof why, 'string')
  await model.close()
})
