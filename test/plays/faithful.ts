import type { Rpc } from '../fixtures/scripted-acts.ts'
import type { Play } from './play.ts'

const tool = (name: string): Rpc => ({ name, description: `Does ${name}`, inputSchema: { type: 'object' } })
const call = (name: string, args: Rpc = {}): { say: string; params: Rpc } => ({
  say: 'tools/call',
  params: { name, arguments: args },
})
const withToken = (name: string): { say: string; params: Rpc } => ({
  say: 'tools/call',
  params: { name, arguments: {}, _meta: { progressToken: 'play-1' } },
})
const listed = { say: 'tools/list' }

/** Plays in which a gateway that has nothing to object to must not be noticed by either side. */
export const faithful: readonly Play[] = [
  {
    title: 'a tool is listed, called and answers',
    script: {},
    steps: [listed, call('echo', { text: 'hello', deep: [{ a: null }, true, 1.5] })],
  },
  {
    title: 'a long list comes page by page',
    script: { tools: [['a', 'b', 'c', 'd', 'e'].map(tool)], pageItems: 2 },
    steps: [listed, { say: 'tools/list', params: { cursor: '2' } }, { say: 'tools/list', params: { cursor: '4' } }],
  },
  {
    title: 'numbers and names in an answer keep their spelling',
    script: {
      tools: [[tool('spelling')]],
      calls: {
        spelling: [
          [
            {
              rawAnswer:
                '{"_meta":{"z":1,"a":2},"structuredContent":{"big":12345678901234567890,"float":1.0,"exp":1e3},"content":[{"text":"\\u00e9\\ud83d\\ude00","type":"text"}],"resultType":"complete"}',
            },
          ],
        ],
      },
    },
    steps: [listed, call('spelling')],
  },
  {
    title: 'progress comes before the answer and in order',
    script: {
      tools: [[tool('slow')]],
      calls: {
        slow: [[{ progress: 1, total: 3 }, { wait: 20 }, { progress: 2, total: 3, message: 'half' }, { text: 'done' }]],
      },
    },
    steps: [listed, withToken('slow')],
  },
  {
    title: 'errors of tools and of the protocol arrive as they are',
    script: {
      tools: [[tool('fails'), tool('throws')]],
      calls: {
        fails: [[{ result: { isError: true, content: [{ type: 'text', text: 'no such file' }] } }]],
        throws: [[{ error: { code: -32603, message: 'broken inside', data: { step: 3 } } }]],
      },
    },
    steps: [listed, call('fails'), call('throws')],
  },
  {
    title: 'prompts, resources, templates and completion pass',
    script: {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      methods: {
        'prompts/list': [
          [{ result: { prompts: [{ name: 'greet', description: 'Greets' }], ttlMs: 0, cacheScope: 'private' } }],
        ],
        'prompts/get': [[{ result: { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }] } }]],
        'resources/list': [
          [{ result: { resources: [{ uri: 'file:///a.txt', name: 'a' }], ttlMs: 0, cacheScope: 'private' } }],
        ],
        'resources/templates/list': [
          [
            {
              result: {
                resourceTemplates: [{ uriTemplate: 'file:///{path}', name: 'any' }],
                ttlMs: 0,
                cacheScope: 'private',
              },
            },
          ],
        ],
        'resources/read': [
          [{ result: { contents: [{ uri: 'file:///a.txt', text: 'one' }], ttlMs: 0, cacheScope: 'private' } }],
        ],
        'completion/complete': [[{ result: { completion: { values: ['paris'], total: 1, hasMore: false } } }]],
      },
    },
    steps: [
      { say: 'prompts/list' },
      { say: 'prompts/get', params: { name: 'greet' } },
      { say: 'resources/list' },
      { say: 'resources/templates/list' },
      { say: 'resources/read', params: { uri: 'file:///a.txt' } },
      {
        say: 'completion/complete',
        params: { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'city', value: 'pa' } },
      },
    ],
  },
  {
    title: 'an extension that nobody heard of passes',
    script: { methods: { 'acme/weather': [[{ result: { sky: 'clear' } }]] } },
    steps: [{ say: 'acme/weather', params: { place: 'Oslo' } }, { say: 'acme/unheard' }],
  },
  {
    title: 'a server asks the client’s model and user in the middle of a call',
    eras: ['legacy'],
    script: {
      tools: [[tool('asks')]],
      calls: {
        asks: [
          [
            { ask: 'sampling/createMessage', params: { messages: [], maxTokens: 5 } },
            {
              ask: 'elicitation/create',
              params: { message: 'Who?', requestedSchema: { type: 'object', properties: {} } },
            },
            { answered: true },
          ],
        ],
      },
    },
    steps: [listed, call('asks')],
  },
  {
    title: 'a question as an answer, and the same call again with the answer and the state',
    eras: ['modern'],
    script: {
      tools: [[tool('rounds')]],
      calls: {
        rounds: [
          [
            {
              result: {
                resultType: 'input_required',
                requestState: 'opaque/état ✓==',
                inputRequests: {
                  who: {
                    method: 'elicitation/create',
                    params: {
                      message: 'Who?',
                      requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
                    },
                  },
                },
              },
            },
          ],
          [{ echo: true }],
        ],
      },
    },
    steps: [
      listed,
      call('rounds'),
      {
        say: 'tools/call',
        params: {
          name: 'rounds',
          arguments: {},
          requestState: 'opaque/état ✓==',
          inputResponses: { who: { action: 'accept', content: { name: 'Ada' } } },
        },
      },
    ],
  },
  {
    title: 'a changed tool list is announced and can be read anew',
    script: {
      tools: [[tool('change')], [tool('change'), tool('read_added')]],
      calls: { change: [[{ nextTools: 'aloud' }, { text: 'changed' }]] },
    },
    steps: [listed, { listen: { toolsListChanged: true } }, call('change'), { untilHeard: 1 }, listed],
  },
  {
    title: 'a call that the client gives up is given up at the server',
    script: { tools: [[tool('hangs'), tool('echo')]], calls: { hangs: [[{ hang: true }]] } },
    steps: [
      listed,
      { ...call('hangs'), cancelAfterMs: 200 },
      { untilServerSaw: 'notifications/cancelled' },
      call('echo', { still: 'alive' }),
    ],
  },
  {
    title: 'calls side by side each get their own answer',
    script: { tools: [[tool('slow'), tool('echo')]], calls: { slow: [[{ wait: 150 }, { text: 'slow' }]] } },
    steps: [listed, { all: [call('slow'), call('echo', { n: 1 }), call('echo', { n: 2 })] }],
  },
  {
    title: 'a megabyte comes through whole',
    isLarge: true,
    script: { tools: [[tool('big')]], calls: { big: [[{ size: 1_000_000 }]] } },
    steps: [listed, call('big')],
  },
]
