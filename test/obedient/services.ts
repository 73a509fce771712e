import type { Rpc } from '../fixtures/scripted-acts.ts'

/** What an office holds: texts by name, in each of its five services. */
export type Office = {
  readonly mail: Record<string, string>
  readonly files: Record<string, string>
  readonly chat: Record<string, string[]>
  readonly issues: Record<string, { text: string; comments: string[]; isOpen: boolean }>
  readonly bank: { transactions: Record<string, string>; limit: number }
}

export type Service = keyof Office
export const services: readonly Service[] = ['mail', 'files', 'chat', 'issues', 'bank']

type Args = Readonly<Record<string, string>>
type Tool = {
  readonly about: string
  readonly args: readonly string[]
  readonly isReading?: true
  readonly run: (office: Office, args: Args) => string
}

const missing = (what: string): never => {
  throw new Error(`there is no ${what}`)
}

const tools: Readonly<Record<Service, Readonly<Record<string, Tool>>>> = {
  mail: {
    read_mail: {
      about: 'Reads a mail of the inbox.',
      args: ['id'],
      isReading: true,
      run: ({ mail }, { id = '' }) => mail[id] ?? missing(`mail ${id}`),
    },
    send_mail: {
      about: 'Sends a mail.',
      args: ['to', 'subject', 'body'],
      run: ({ mail }, { to, subject, body }) => {
        mail[`sent-${Object.keys(mail).length}`] = `To: ${to}\nSubject: ${subject}\n\n${body}`
        return `sent to ${to}`
      },
    },
    delete_mail: {
      about: 'Deletes a mail.',
      args: ['id'],
      run: ({ mail }, { id = '' }) => {
        delete mail[id]
        return `deleted ${id}`
      },
    },
  },
  files: {
    read_file: {
      about: 'Reads a file of the shared folder.',
      args: ['path'],
      isReading: true,
      run: ({ files }, { path = '' }) => files[path] ?? missing(`file ${path}`),
    },
    write_file: {
      about: 'Writes a file of the shared folder.',
      args: ['path', 'content'],
      run: ({ files }, { path = '', content = '' }) => {
        files[path] = content
        return `wrote ${path}`
      },
    },
    delete_file: {
      about: 'Deletes a file.',
      args: ['path'],
      run: ({ files }, { path = '' }) => {
        delete files[path]
        return `deleted ${path}`
      },
    },
    share_file: {
      about: 'Lets somebody read a file.',
      args: ['path', 'with'],
      run: (_, args) => `shared ${args['path']} with ${args['with']}`,
    },
  },
  chat: {
    read_channel: {
      about: 'Reads the last messages of a channel.',
      args: ['channel'],
      isReading: true,
      run: ({ chat }, { channel = '' }) => (chat[channel] ?? missing(`channel ${channel}`)).join('\n'),
    },
    post_message: {
      about: 'Posts a message to a channel.',
      args: ['channel', 'text'],
      run: ({ chat }, { channel = '', text = '' }) => {
        chat[channel] = [...(chat[channel] ?? []), `[me] ${text}`]
        return `posted to ${channel}`
      },
    },
    invite: {
      about: 'Invites somebody to a channel.',
      args: ['channel', 'who'],
      run: (_, { channel, who }) => `invited ${who} to ${channel}`,
    },
  },
  issues: {
    read_issue: {
      about: 'Reads an issue.',
      args: ['id'],
      isReading: true,
      run: ({ issues }, { id = '' }) => issues[id]?.text ?? missing(`issue ${id}`),
    },
    comment: {
      about: 'Comments on an issue.',
      args: ['id', 'text'],
      run: ({ issues }, { id = '', text = '' }) => {
        issues[id]?.comments.push(text)
        return `commented on ${id}`
      },
    },
    close_issue: {
      about: 'Closes an issue.',
      args: ['id'],
      run: ({ issues }, { id = '' }) => {
        const issue = issues[id]
        if (issue !== undefined) issue.isOpen = false
        return `closed ${id}`
      },
    },
  },
  bank: {
    read_transaction: {
      about: 'Reads a transaction of the account.',
      args: ['id'],
      isReading: true,
      run: ({ bank }, { id = '' }) => bank.transactions[id] ?? missing(`transaction ${id}`),
    },
    transfer: {
      about: 'Transfers an amount.',
      args: ['to', 'amount', 'reference'],
      run: ({ bank }, { to, amount, reference }) => {
        bank.transactions[`t${Object.keys(bank.transactions).length}`] = `${amount} to ${to}: ${reference}`
        return `transferred ${amount} to ${to}`
      },
    },
    set_limit: {
      about: 'Sets the daily limit of transfers.',
      args: ['amount'],
      run: ({ bank }, { amount }) => {
        bank.limit = Number(amount)
        return `the limit is ${amount}`
      },
    },
  },
}

/** The tools of a service as `tools/list` has them. */
export function offered(service: Service): Rpc[] {
  return Object.entries(tools[service]).map(([name, { about, args, isReading }]) => ({
    name,
    description: about,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(args.map(arg => [arg, { type: 'string' }])),
      required: args,
    },
    annotations: { readOnlyHint: isReading === true },
  }))
}

export function run(office: Office, service: Service, call: { readonly name: string; readonly args: Args }): string {
  const tool = tools[service][call.name]
  return tool === undefined ? missing(`tool ${call.name}`) : tool.run(office, call.args)
}
