import assert from 'node:assert/strict'
import test from 'node:test'
import { core } from '../../scripts/detect/core-attacks.ts'
import { disguises } from '../../scripts/detect/disguises.ts'
import { defaultConfig } from '../../src/config/defaults.ts'
import { type Finding, isAtLeast } from '../../src/core/finding.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Body } from '../../src/core/message.ts'
import { inspect, pipelineOf } from '../../src/core/pipeline.ts'
import { guards } from '../../src/guards/index.ts'
import { proves } from '../guide/proves.ts'
import { fc } from '../property.ts'
import { messageOf, sceneOf } from '../situation.ts'

const readers = new Set(['injection', 'hidden-text', 'role-tokens', 'exfiltration-links', 'description'])
const pipeline = pipelineOf(
  guards.filter(({ id }) => readers.has(id)),
  defaultConfig(guards).guards,
)

function findingsIn(body: Body): readonly Finding[] {
  return inspect(pipeline, messageOf(body), { scene: sceneOf(), share: 'all' }).findings
}

const answer = (result: JsonObject): Body => ({ kind: 'tool.result', tool: 't', args: {}, result })
const content = (item: JsonObject): Body => answer({ content: [item] })
const tool = (rest: JsonObject): Body => ({
  kind: 'server.surface',
  part: 'tools',
  items: [{ name: 't', inputSchema: { type: 'object' }, ...rest }],
})
const schema = (rest: JsonObject): Body => tool({ inputSchema: { type: 'object', properties: { a: rest } } })
const told = (method: string, params: JsonObject): Body => ({ kind: 'notification', method, params })
const text = (said: string) => ({ type: 'text', text: said })
const html = (said: string) => `<!doctype html><html><body><p>${said}</p></body></html>`

/** Every place of a message in which a model, or the person beside it, may come to read what a server wrote. */
const places: Readonly<Record<string, (said: string) => Body>> = {
  'a text': said => content(text(said)),
  'a text after another': said => answer({ content: [text('The list is empty.'), text(said)] }),
  'a name of structured content': said => answer({ content: [], structuredContent: { [said]: 1 } }),
  'a value of structured content': said => answer({ content: [], structuredContent: { rows: [{ note: said }] } }),
  'an embedded text': said => content({ type: 'resource', resource: { uri: 'x:1', text: said } }),
  'an embedded file that is text': said =>
    content({
      type: 'resource',
      resource: { uri: 'x:1', mimeType: 'text/plain', blob: Buffer.from(said).toString('base64') },
    }),
  'the address of an embedded resource': said =>
    content({ type: 'resource', resource: { uri: `note:///${said}`, text: '' } }),
  'the address of a link': said => content({ type: 'resource_link', uri: `note:///${said}`, name: 'n' }),
  'the description of a link': said => content({ type: 'resource_link', uri: 'x:1', name: 'n', description: said }),
  'an error of a tool': said => answer({ isError: true, content: [text(said)] }),
  'the message of an error': said => ({ kind: 'error', method: 'tools/call', error: { code: -32000, message: said } }),
  'the data of an error': said => ({
    kind: 'error',
    method: 'tools/call',
    error: { code: -32000, message: 'no', data: { hint: said } },
  }),
  progress: said => told('notifications/progress', { progressToken: 1, progress: 1, message: said }),
  'a log message': said => told('notifications/message', { level: 'info', data: { text: said } }),
  'the status of a task': said =>
    told('notifications/tasks/status', { taskId: '1', status: 'working', statusMessage: said }),
  'the result of a task': said => ({ kind: 'tool.result', tool: '', args: {}, result: { content: [text(said)] } }),
  instructions: said => ({
    kind: 'server.surface',
    part: 'server',
    items: [{ instructions: said, serverInfo: { name: 's', version: '1' } }],
  }),
  'a description of a tool': said => tool({ description: said }),
  'a title of a tool': said => tool({ title: said }),
  'a title in a schema': said => schema({ type: 'string', title: said }),
  'a description in a schema': said => schema({ type: 'string', description: said }),
  'a default in a schema': said => schema({ type: 'string', default: said }),
  'a choice in a schema': said => schema({ enum: ['a', said] }),
  'an example in a schema': said => schema({ type: 'string', examples: [said] }),
  'a parameter name': said => tool({ inputSchema: { type: 'object', properties: { [said]: { type: 'string' } } } }),
  'a page of the tool’s own': said => tool({ _meta: { ui: { html: html(said) } } }),
  'a page that is read': said => ({
    kind: 'resource.content',
    uri: 'ui://a/b',
    result: { contents: [{ uri: 'ui://a/b', mimeType: 'text/html;profile=mcp-app', text: html(said) }] },
  }),
  'the text of a resource': said => ({
    kind: 'resource.content',
    uri: 'x:1',
    result: { contents: [{ uri: 'x:1', text: said }] },
  }),
  'a description of a resource': said => ({
    kind: 'server.surface',
    part: 'resources',
    items: [{ uri: 'x:1', name: 'n', description: said }],
  }),
  'a description of a template': said => ({
    kind: 'server.surface',
    part: 'templates',
    items: [{ uriTemplate: 'x:{a}', name: 'n', description: said }],
  }),
  'a prompt': said => ({
    kind: 'prompt.result',
    prompt: 'p',
    result: { messages: [{ role: 'user', content: text(said) }] },
  }),
  'a description of a prompt': said => ({
    kind: 'server.surface',
    part: 'prompts',
    items: [{ name: 'p', description: said }],
  }),
  'a question to a person': said => ({ kind: 'elicitation.request', params: { message: said, requestedSchema: {} } }),
  'a request to the model': said => ({
    kind: 'sampling.request',
    params: { messages: [{ role: 'user', content: text(said) }], maxTokens: 9 },
  }),
  'a system prompt': said => ({ kind: 'sampling.request', params: { systemPrompt: said, messages: [], maxTokens: 9 } }),
  'a completion': said => ({
    kind: 'other',
    method: 'completion/complete',
    phase: 'result',
    value: { completion: { values: [said] } },
  }),
}

const isTold = ({ severity }: Finding) => isAtLeast(severity, 'medium')

for (const [place, put] of Object.entries(places))
  test(`every disguise of every core attack is found in ${place}`, { timeout: 120_000, ...proves('T1.filter') }, () => {
    const missed: string[] = []
    for (const [disguise, hide] of Object.entries(disguises))
      for (const attack of core) if (!findingsIn(put(hide(attack))).some(isTold)) missed.push(`${disguise}: ${attack}`)
    assert.deepEqual(missed, [])
  })

test('in none of these places does a harmless sentence look like an attack', () => {
  for (const [place, put] of Object.entries(places))
    assert.deepEqual(findingsIn(put('The list holds three open invoices from May.')).filter(isTold), [], place)
})

const rulesIn = (body: Body) => new Set(findingsIn(body).map(({ rule }) => rule.split('/')[0]))

test('nothing that stands beside an attack makes its finding go away', { timeout: 120_000 }, () => {
  const beside = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '<b>',
      '<!--',
      '```\n',
      '\u200b',
      '\u202e',
      '\u001b[8m',
      '&#105;',
      '\\u0069',
      'aWdub3Jl',
      '%69%67',
      '{"',
      '⟦',
    ),
    fc.base64String({ maxLength: 120 }),
  )
  const attack = fc.constantFrom(...core)
  const where = fc.constantFrom('before', 'after', 'other field')
  fc.assert(
    fc.property(attack, beside, where, (said, noise, at) => {
      const alone = rulesIn(content(text(said)))
      const items =
        at === 'before'
          ? [text(`${noise}\n\n${said}`)]
          : at === 'after'
            ? [text(`${said}\n\n${noise}`)]
            : [text(noise), text(said)]
      const together = rulesIn(answer({ content: items }))
      for (const guard of alone) assert.ok(together.has(guard), `${guard} is gone: ${JSON.stringify(noise)} ${at}`)
    }),
    { numRuns: 300 },
  )
})
