// Made from presets/*.yaml by scripts/generate.ts; change those.
import type { PolicyText } from './rule.ts'

export const presets: Readonly<Record<'watch' | 'careful' | 'strict', PolicyText>> = {
  watch: {
    mode: 'observe',
    defaults: {
      request: 'allow',
      unknown: 'allow',
      harmless: [
        'initialize',
        'ping',
        'server/discover',
        'tools/list',
        'resources/list',
        'resources/templates/list',
        'resources/subscribe',
        'resources/unsubscribe',
        'subscriptions/listen',
        'prompts/list',
        'completion/complete',
        'logging/setLevel',
        'roots/list',
        'tasks/get',
        'tasks/list',
        'tasks/result',
        'tasks/update',
        'tasks/cancel',
        'notifications/initialized',
        'notifications/cancelled',
        'notifications/progress',
        'notifications/message',
        'notifications/tools/list_changed',
        'notifications/prompts/list_changed',
        'notifications/resources/list_changed',
        'notifications/resources/updated',
        'notifications/roots/list_changed',
        'notifications/tasks/status',
        'notifications/elicitation/complete',
        'notifications/subscriptions/acknowledged'
      ]
    },
    rules: [
      {
        name: 'certain-findings',
        match: { findings: { severity: 'high', confidence: 'certain' } },
        then: 'rewrite',
        otherwise: 'block',
        reason: 'a guard is certain that this must not pass',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'hidden-text/tags', severity: 'high', confidence: 'certain' } ],
            expect: 'block'
          },
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'hidden-text/tags', severity: 'high', confidence: 'certain', fixable: true } ],
            expect: 'rewrite'
          }
        ]
      },
      {
        name: 'likely-findings',
        match: { findings: { severity: 'high', confidence: 'likely' } },
        then: 'ask',
        reason: 'a guard thinks this likely to do harm',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'high', confidence: 'likely' } ],
            expect: 'ask'
          },
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'high', confidence: 'possible' } ],
            expect: 'allow'
          }
        ]
      },
      {
        name: 'acts-after-untrusted',
        match: {
          kind: 'tool.call',
          effect: [ 'write', 'send', 'destroy', 'spend', 'execute', 'admin' ],
          labels: 'untrusted'
        },
        then: 'ask',
        reason: 'this session has read text that anybody could have written, and this call changes something',
        tests: [
          { tool: 'send_mail', effects: [ 'send' ], labels: [ 'untrusted' ], expect: 'ask' },
          { tool: 'send_mail', effects: [ 'send' ], expect: 'allow' },
          {
            tool: 'read_file',
            effects: [ 'read' ],
            labels: [ 'untrusted', 'secret' ],
            expect: 'allow'
          }
        ]
      },
      {
        name: 'acts-after-secret',
        match: {
          kind: 'tool.call',
          effect: [ 'write', 'send', 'destroy', 'spend', 'execute', 'admin' ],
          labels: 'secret'
        },
        then: 'ask',
        reason: 'this session has seen a secret, and this call could carry it away',
        tests: [ { tool: 'http_post', effects: [ 'send' ], labels: [ 'secret' ], expect: 'ask' } ]
      },
      {
        name: 'server-asks-model-after-secret',
        match: { kind: 'sampling.request', labels: 'secret' },
        then: 'ask',
        reason: 'this session has seen a secret, and a server asks the model to write for it',
        tests: [ { kind: 'sampling.request', labels: [ 'secret' ], expect: 'ask' } ]
      }
    ]
  },
  careful: {
    mode: 'enforce',
    defaults: {
      request: 'allow',
      unknown: 'allow',
      harmless: [
        'initialize',
        'ping',
        'server/discover',
        'tools/list',
        'resources/list',
        'resources/templates/list',
        'resources/subscribe',
        'resources/unsubscribe',
        'subscriptions/listen',
        'prompts/list',
        'completion/complete',
        'logging/setLevel',
        'roots/list',
        'tasks/get',
        'tasks/list',
        'tasks/result',
        'tasks/update',
        'tasks/cancel',
        'notifications/initialized',
        'notifications/cancelled',
        'notifications/progress',
        'notifications/message',
        'notifications/tools/list_changed',
        'notifications/prompts/list_changed',
        'notifications/resources/list_changed',
        'notifications/resources/updated',
        'notifications/roots/list_changed',
        'notifications/tasks/status',
        'notifications/elicitation/complete',
        'notifications/subscriptions/acknowledged'
      ]
    },
    rules: [
      {
        name: 'certain-findings',
        match: { findings: { severity: 'high', confidence: 'certain' } },
        then: 'rewrite',
        otherwise: 'block',
        reason: 'a guard is certain that this must not pass',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'hidden-text/tags', severity: 'high', confidence: 'certain' } ],
            expect: 'block'
          },
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'hidden-text/tags', severity: 'high', confidence: 'certain', fixable: true } ],
            expect: 'rewrite'
          }
        ]
      },
      {
        name: 'likely-findings',
        match: { findings: { severity: 'high', confidence: 'likely' } },
        then: 'ask',
        reason: 'a guard thinks this likely to do harm',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'high', confidence: 'likely' } ],
            expect: 'ask'
          },
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'high', confidence: 'possible' } ],
            expect: 'allow'
          }
        ]
      },
      {
        name: 'acts-after-untrusted',
        match: {
          kind: 'tool.call',
          effect: [ 'write', 'send', 'destroy', 'spend', 'execute', 'admin' ],
          labels: 'untrusted'
        },
        then: 'ask',
        reason: 'this session has read text that anybody could have written, and this call changes something',
        tests: [
          { tool: 'send_mail', effects: [ 'send' ], labels: [ 'untrusted' ], expect: 'ask' },
          { tool: 'send_mail', effects: [ 'send' ], expect: 'allow' },
          {
            tool: 'read_file',
            effects: [ 'read' ],
            labels: [ 'untrusted', 'secret' ],
            expect: 'allow'
          }
        ]
      },
      {
        name: 'acts-after-secret',
        match: {
          kind: 'tool.call',
          effect: [ 'write', 'send', 'destroy', 'spend', 'execute', 'admin' ],
          labels: 'secret'
        },
        then: 'ask',
        reason: 'this session has seen a secret, and this call could carry it away',
        tests: [ { tool: 'http_post', effects: [ 'send' ], labels: [ 'secret' ], expect: 'ask' } ]
      },
      {
        name: 'server-asks-model-after-secret',
        match: { kind: 'sampling.request', labels: 'secret' },
        then: 'ask',
        reason: 'this session has seen a secret, and a server asks the model to write for it',
        tests: [ { kind: 'sampling.request', labels: [ 'secret' ], expect: 'ask' } ]
      }
    ]
  },
  strict: {
    mode: 'enforce',
    defaults: {
      request: 'allow',
      unknown: 'block',
      harmless: [
        'initialize',
        'ping',
        'server/discover',
        'tools/list',
        'resources/list',
        'resources/templates/list',
        'resources/subscribe',
        'resources/unsubscribe',
        'subscriptions/listen',
        'prompts/list',
        'completion/complete',
        'logging/setLevel',
        'roots/list',
        'tasks/get',
        'tasks/list',
        'tasks/result',
        'tasks/update',
        'tasks/cancel',
        'notifications/initialized',
        'notifications/cancelled',
        'notifications/progress',
        'notifications/message',
        'notifications/tools/list_changed',
        'notifications/prompts/list_changed',
        'notifications/resources/list_changed',
        'notifications/resources/updated',
        'notifications/roots/list_changed',
        'notifications/tasks/status',
        'notifications/elicitation/complete',
        'notifications/subscriptions/acknowledged'
      ]
    },
    rules: [
      {
        name: 'certain-findings',
        match: { findings: { severity: 'medium', confidence: 'certain' } },
        then: 'rewrite',
        otherwise: 'block',
        reason: 'a guard is certain that this must not pass',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'hidden-text/bidi', severity: 'medium', confidence: 'certain' } ],
            expect: 'block'
          }
        ]
      },
      {
        name: 'likely-findings',
        match: { findings: { severity: 'medium', confidence: 'likely' } },
        then: 'ask',
        reason: 'a guard thinks this likely to do harm',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'medium', confidence: 'likely' } ],
            expect: 'ask'
          }
        ]
      },
      {
        name: 'possible-findings',
        match: { findings: { severity: 'high', confidence: 'possible' } },
        then: 'ask',
        reason: 'this might be an attack',
        tests: [
          {
            tool: 'fetch',
            kind: 'tool.result',
            findings: [ { rule: 'injection/override', severity: 'high', confidence: 'possible' } ],
            expect: 'ask'
          }
        ]
      },
      {
        name: 'acts',
        match: { kind: 'tool.call', effect: [ 'write', 'send', 'destroy', 'spend', 'execute', 'admin' ] },
        then: 'ask',
        reason: 'this call changes something',
        tests: [
          { tool: 'write_file', effects: [ 'write' ], expect: 'ask' },
          { tool: 'read_file', effects: [ 'read' ], expect: 'allow' },
          { tool: 'frobnicate', expect: 'ask' }
        ]
      },
      {
        name: 'server-asks-model',
        match: { kind: 'sampling.request' },
        then: 'ask',
        reason: 'a server asks the model to write for it',
        tests: [ { kind: 'sampling.request', expect: 'ask' } ]
      }
    ]
  },
}
