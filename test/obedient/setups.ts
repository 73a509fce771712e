import type { Setup } from './line.ts'

const strangers = { writers: 'anyone' } as const
const written = { mail: strangers, chat: strangers, issues: strangers, bank: strangers, files: strangers }
const changing = ['write', 'send', 'destroy', 'spend', 'execute', 'admin']

/** The gateway as it comes, with suspicion enough to ask, and once told which servers strangers can write into. */
export const setups: readonly Setup[] = [
  { name: 'gateway as it comes' },
  {
    name: 'suspicion asks',
    config: {
      policy: [
        {
          name: 'acts-after-suspicion',
          match: { kind: 'tool.call', effect: changing, labels: 'suspected' },
          then: 'ask',
          reason: 'this session has read something that may be an order to the assistant',
        },
      ],
    },
  },
  { name: 'told that strangers write', settings: written },
  { name: 'preset strict', config: { preset: 'strict' } },
]
