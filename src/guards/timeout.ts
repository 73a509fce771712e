import { guard } from '../core/guard.ts'
import { option, type ValuesOf } from '../core/option.ts'

const time = (about: string, initially: number) =>
  option.number({ about, default: initially, min: 100, max: 86_400_000, tighter: 'lower' })

const options = {
  timeoutMs: time('How long a tool may take without a word; clients give up after 60 s', 55_000),
  stretchedMs: time('How long it may take in all while it reports progress', 120_000),
  tools: option.map({
    about: 'Other times for single tools, as `tool` or `server/tool`',
    each: {
      timeoutMs: time('How long without a word', 55_000),
      stretchedMs: time('How long in all', 120_000),
    },
    instead: { timeoutMs: 'timeoutMs', stretchedMs: 'stretchedMs' },
  }),
}

export const timeout = guard({
  id: 'timeout',
  title: 'Tools that take too long',
  threats: ['T6.timeout', 'C3.timeout'],
  reads: ['tool.waiting'],
  options,
  inspect({ atMs, root, server, body }, { options }) {
    const deadline = deadlineMs(body.startedMs, body.progressMs, timesOf(options, server, body.tool))
    if (atMs < deadline) return []
    const facts = { tool: body.tool, waitedMs: atMs - body.startedMs, allowedMs: deadline - body.startedMs }
    return [{ rule: 'timeout/expired', severity: 'high', confidence: 'certain', at: root, facts }]
  },
})

/** The times that hold for one tool of one server. */
export function timesOf({ tools, ...all }: ValuesOf<typeof options>, server: string, tool: string): Times {
  return ownOf(tools, `${server}/${tool}`) ?? ownOf(tools, tool) ?? all
}

export type TimeoutOptions = ValuesOf<typeof options>

type Times = { readonly timeoutMs: number; readonly stretchedMs: number }

/** When a call that is still waiting has run out of time; each sign of progress stretches it, up to a bound. */
export function deadlineMs(startedMs: number, progressMs: number, { timeoutMs, stretchedMs }: Times): number {
  const heard = Math.max(startedMs, progressMs || startedMs)
  return Math.min(heard + timeoutMs, startedMs + Math.max(timeoutMs, stretchedMs))
}

function ownOf(tools: Readonly<Record<string, Times>>, name: string): Times | undefined {
  return Object.hasOwn(tools, name) ? tools[name] : undefined
}
