import type { Setup } from './line.ts'

const strangers = { writers: 'anyone' } as const

/** The gateway as it comes, and once told which servers strangers can write into. */
export const setups: readonly Setup[] = [
  { name: 'gateway, nothing said of the servers' },
  {
    name: 'gateway, told what strangers write',
    settings: { mail: strangers, chat: strangers, issues: strangers, bank: strangers },
  },
  { name: 'gateway, preset strict', config: { preset: 'strict' } },
]
