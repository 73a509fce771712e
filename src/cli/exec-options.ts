import { sandboxTiers } from '../core/launch.ts'

/** An option of `sallyport exec`; without a value it is a switch. */
export type ExecOption = { readonly flag: string; readonly value?: string; readonly about: string }

/** What `sallyport exec` takes before `--`: its help and the completion of shells are made from this. */
export const execOptions: readonly ExecOption[] = [
  { flag: '--name', value: 'NAME', about: "what the server is called in the record (default: the command's name)" },
  {
    flag: '--sandbox',
    value: 'TIER',
    about: `weakest sandbox that is good enough: ${sandboxTiers.join(', ')} (default: full)`,
  },
  { flag: '--read', value: 'PATH', about: 'a file or folder that the server may read; may be repeated' },
  { flag: '--write', value: 'PATH', about: 'a file or folder that the server may change; may be repeated' },
  { flag: '--net', value: 'HOST:PORT', about: 'a host that the server may reach; may be repeated' },
  { flag: '--child', value: 'PROGRAM', about: 'another program that the server may start; may be repeated' },
  { flag: '--unix-sockets', about: 'it may make unix sockets, as browsers and daemons do' },
  { flag: '--env', value: 'NAME', about: 'a variable of this environment that the server gets; may be repeated' },
  {
    flag: '--trust',
    value: 'MODE',
    about:
      'changes of what the server says: scan asks a person (default), auto takes them, manual asks at first use too',
  },
  { flag: '--work', value: 'NAME', about: 'the piece of work that this belongs to' },
]

const words = (option: ExecOption): string => [option.flag, option.value].filter(Boolean).join(' ')
const width = 20

/** `sallyport exec --help`. */
export function execUsage(): string {
  return `Usage: sallyport exec [options] -- COMMAND [ARGUMENTS]

Runs one MCP server over stdio, guarded and sandboxed with the defaults. Put it in front of the command in a
client's configuration: no other configuration is needed.

Options:
${execOptions.map(option => `  ${words(option).padEnd(width)}${option.about}`).join('\n')}
  ${'-h, --help'.padEnd(width)}this text

Example:
  sallyport exec --read ~/notes -- npx -y @modelcontextprotocol/server-filesystem ~/notes
`
}
