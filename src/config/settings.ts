import { option } from '../core/option.ts'
import { trusts } from '../core/pin.ts'

/** How clients reach the gateway when it runs as a service. */
export const gatewayOptions = {
  host: option.text({ default: '127.0.0.1', about: 'Address to listen on; anything but loopback needs tokens' }),
  port: option.number({ default: 7337, min: 0, max: 65_535, about: 'Port to listen on; 0 takes a free one' }),
  path: option.text({ default: '/mcp', pattern: '^/[a-zA-Z0-9/_.-]*$', about: 'Path of the MCP endpoint' }),
  origins: option.list({
    default: [],
    maxItems: 64,
    tighter: 'fewer',
    about: 'Web origins that may call the endpoint; none means no web page may',
  }),
  hosts: option.list({
    default: [],
    maxItems: 64,
    tighter: 'fewer',
    about: 'Host names that clients may use besides the address listened on',
  }),
  sandboxAtLeast: option.choice({
    default: 'full',
    of: ['full', 'container', 'user', 'reduced', 'none'],
    about: 'Weakest sandbox that is good enough to start a server in; none starts servers with all your rights',
  }),
  requireToken: option.boolean({ default: true, tighter: 'true', about: 'Refuse clients without a bearer token' }),
}

/** What is recorded, where, and how durably. */
export const auditOptions = {
  folder: option.text({ default: '', about: 'Folder of the record; empty means the state folder of this user' }),
  sync: option.choice({
    default: 'relaxed',
    of: ['relaxed', 'durable'],
    tighter: 'later',
    about: 'relaxed survives a killed process, durable also a power cut',
  }),
  rotateMiB: option.number({ default: 64, min: 1, max: 4096, about: 'Size at which a new file begins' }),
  keepDays: option.number({
    default: 90,
    min: 1,
    max: 3650,
    tighter: 'higher',
    about: 'Days after which a file of the record may be removed',
  }),
}

/** What pieces of work remember of each other. */
export const sessionsOptions = {
  labels: option.choice({
    default: 'work',
    of: ['work', 'principal'],
    tighter: 'later',
    about:
      'What a label holds in: work is the piece of work that read it, principal is all the work of whoever reads, so that no new name sheds it',
  }),
}

/** How people are asked. */
export const approvalOptions = {
  holdMs: option.number({
    default: 45_000,
    min: 0,
    max: 600_000,
    about: 'How long a call waits for an answer before it is told "pending"',
  }),
  lifeMs: option.number({
    default: 600_000,
    min: 10_000,
    max: 86_400_000,
    tighter: 'lower',
    about: 'How long a yes that nobody used stays good',
  }),
  queueMax: option.number({
    default: 50,
    min: 1,
    max: 1000,
    tighter: 'lower',
    about: 'Questions that may wait at once',
  }),
  channels: option.list({
    default: ['console', 'terminal'],
    maxItems: 8,
    about: 'Where questions appear: console, terminal, desktop, webhook, client',
  }),
}

/** A model that this machine runs itself: what its file is, and what it says. */
const onnxOptions = {
  file: option.text({
    default: '',
    about: 'A model of texts in ONNX format, run here instead of asking an address; empty runs none',
  }),
  tokenizer: option.text({ default: '', about: 'Its `tokenizer.json`; empty takes the one beside it' }),
  sha256: option.text({
    default: '',
    pattern: '^(?:[0-9a-f]{64})?$',
    about: 'What `sha256sum` says of the file; any other is refused. Empty takes what lies there',
  }),
  tokenizerSha256: option.text({
    default: '',
    pattern: '^(?:[0-9a-f]{64})?$',
    about: 'The same of its tokenizer',
  }),
  output: option.text({ default: '', about: 'Which output bears the scores; empty takes `logits`, or the only one' }),
  attackLabels: option.list({
    default: ['1'],
    maxItems: 16,
    about: 'Which of its labels mean an attack: numbers from 0 on, or names in a `config.json` beside it',
  }),
  windowTokens: option.number({ default: 512, min: 16, max: 8192, about: 'Tokens that it reads at once' }),
}

/** A larger model that reads what tools answer. It belongs to whoever wrote it first: no layer below may name another. */
export const modelOptions = {
  url: option.text({
    default: '',
    about: 'Where a larger model answers, up to `/chat/completions`: https, or http on this machine; empty asks none',
  }),
  onnx: option.group({ each: onnxOptions, about: 'A model that the gateway runs itself' }),
  name: option.text({ default: '', about: 'Its name there, or what findings call it' }),
  key: option.text({ default: '', about: 'The key for it, as a reference such as `${file:model.key}`' }),
  asks: option.choice({
    default: 'strangers',
    of: ['suspected', 'strangers', 'all'],
    tighter: 'later',
    about: 'What it is asked about: what the guards suspect, also what strangers can write, or every answer and list',
  }),
  deadlineMs: option.number({ default: 5000, min: 100, max: 60_000, about: 'How long an answer waits for it' }),
  textChars: option.number({ default: 12_000, min: 1000, max: 200_000, about: 'Characters of one answer shown to it' }),
  callsPerMinute: option.number({ default: 60, min: 1, max: 10_000, about: 'Questions to it in a minute' }),
  possibleFrom: option.number({
    default: 0.5,
    min: 0,
    max: 1,
    tighter: 'lower',
    about: 'From this score on an injection is possible',
  }),
  likelyFrom: option.number({
    default: 0.9,
    min: 0,
    max: 1,
    tighter: 'lower',
    about: 'From this score on an injection is likely',
  }),
  whenSilent: option.choice({
    default: 'note',
    of: ['note', 'ask'],
    tighter: 'later',
    about: 'What its silence means: only a note, or a finding that asks a person',
  }),
  allowPrivate: option.boolean({
    default: false,
    tighter: 'false',
    about: 'Let its address lead to private networks; metadata services are never dialled',
  }),
}

/** Facts about a server besides how it is started. */
export const serverOptions = {
  why: option.text({ default: '', about: 'Why it is here, in one sentence' }),
  owner: option.text({ default: '', about: 'Who installed it' }),
  writers: option.choice({
    default: 'unknown',
    of: ['owner', 'unknown', 'anyone'],
    about: 'Who can write into what it reads: only you, or strangers too (mail, issues, web)',
  }),
  trust: option.choice({
    default: 'scan',
    of: trusts,
    tighter: 'later',
    about:
      'Who accepts what it offers: scan takes the first look on if guards find nothing in it, auto also changes that let it do no more, manual asks a person for all',
  }),
  framing: option.boolean({
    default: true,
    tighter: 'true',
    about: 'Mark texts of its answers as data where anyone can write into what it reads',
  }),
  idleMs: option.number({
    default: 600_000,
    min: 1000,
    max: 86_400_000,
    about: 'How long an unused server process is kept',
  }),
  allowPrivate: option.boolean({
    default: false,
    tighter: 'false',
    about:
      'Let a URL, or a host that the permissions name, lead to private addresses; loopback has to be named as such, metadata services are never dialled',
  }),
  isEnabled: option.boolean({ default: true, tighter: 'false', about: 'Off keeps the entry and starts nothing' }),
}
