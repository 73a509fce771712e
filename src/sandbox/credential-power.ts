import { isObject, type Json } from '../core/json.ts'

/** What kind of credential a text is, and what whoever holds it can do. Never the text itself. */
export type Power = {
  readonly kind: string
  readonly can: string
  /** The narrower kind that would do; absent where this is one. */
  readonly instead?: string
  readonly severity: 'info' | 'medium' | 'high'
}

type Row = readonly [pattern: RegExp, severity: Power['severity'], kind: string, can: string, instead?: string]

// Issuers put the kind in front of the secret; the rest is not looked at.
const rows: readonly Row[] = [
  [/^github_pat_\w{20,}/u, 'info', 'fine-grained token of GitHub', 'reaches the repositories that were chosen for it'],
  [/^ghs_\w{20,}/u, 'info', 'installation token of a GitHub app', 'reaches what the app was installed for'],
  [
    ...([/^ghp_\w{20,}/u, 'medium', 'classic token of GitHub', 'reaches every repository of its owner'] as const),
    'a fine-grained token (github_pat_…) for the repositories it needs',
  ],
  [
    ...([/^gh[ou]_\w{20,}/u, 'medium', 'OAuth token of GitHub', 'acts as its owner wherever the app may'] as const),
    'a fine-grained token (github_pat_…) for the repositories it needs',
  ],
  [
    ...([/^glpat-[\w-]{20,}/u, 'medium', 'personal token of GitLab', 'acts as its owner in every project'] as const),
    'a project access token with read_api',
  ],
  [/^xoxb-[\w-]{10,}/u, 'info', 'bot token of Slack', 'reads and posts where the bot was invited, by its scopes'],
  [
    ...([/^(?:xoxe\.)?xoxp-[\w-]{10,}/u, 'high', 'user token of Slack'] as const),
    ...(['reads and writes as its person, direct messages too', 'a bot token (xoxb-…)'] as const),
  ],
  [
    ...([/^xox[cds]-[\w-]{10,}/u, 'high', 'browser session of Slack', 'is its person, with everything'] as const),
    'a bot token (xoxb-…)',
  ],
  [/^ASIA[A-Z2-7]{16}$/u, 'info', 'short-lived access key of AWS', 'ends by itself, and does what its role may'],
  [
    ...([/^AKIA[A-Z2-7]{16}$/u, 'medium', 'long-lived access key of AWS'] as const),
    'does what its user may, until somebody deletes it; one of the root user may do everything',
    'a role with short-lived keys (ASIA…) and a policy for the one service',
  ],
  [/^ya29\.[\w-]{20,}/u, 'info', 'access token of Google', 'ends within the hour, and does what its scopes say'],
  [
    ...([/^AIza[\w-]{35}$/u, 'medium', 'API key of Google', 'calls every API that is not closed to it'] as const),
    'a key that is restricted to the one API',
  ],
  [/^rk_live_\w{10,}/u, 'info', 'restricted key of Stripe', 'does what was chosen for it'],
  [
    /^sk_live_\w{10,}/u,
    'high',
    'secret key of Stripe',
    'moves money and reads every customer',
    'a restricted key (rk_live_…)',
  ],
  [
    ...([/^sk-(?:ant-)?admin\w*-[\w-]{10,}/u, 'high', 'administrator’s key of a model provider'] as const),
    ...(['makes keys and changes members', 'a key of one project'] as const),
  ],
  [/^dop_v1_\w{20,}/u, 'high', 'personal token of DigitalOcean', 'may delete machines', 'a token with chosen scopes'],
  [/^npm_\w{30,}/u, 'medium', 'token of npm', 'may publish as its owner', 'a granular token that only reads'],
  [
    ...([/^-----BEGIN (?:[A-Z]{1,12} ){0,2}PRIVATE KEY-----/u, 'high', 'private key'] as const),
    ...(['opens whatever trusts it', 'a token for the one service'] as const),
  ],
]

const charsMax = 16_384

/** Recognises a credential by its shape; undefined for everything else, and for those that do not say what they are. */
export function powerOf(text: string): Power | undefined {
  const value = text.trim().slice(0, charsMax)
  const row = rows.find(([pattern]) => pattern.test(value))
  if (row !== undefined) {
    const [, severity, kind, can, instead] = row
    return { kind, can, severity, ...(instead === undefined ? {} : { instead }) }
  }
  return powerOfUrl(value) ?? powerOfAccount(value) ?? powerOfToken(value)
}

const masters = new Set([
  'postgres',
  'root',
  'admin',
  'administrator',
  'sa',
  'sysdba',
  'sys',
  'mysql',
  'superuser',
  'neo4j',
])

function powerOfUrl(value: string): Power | undefined {
  if (
    !/^(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|mssql|sqlserver|oracle|neo4j)(?:\+\w{1,12})?:\/\//u.test(
      value,
    )
  )
    return undefined
  if (!URL.canParse(value)) return undefined
  const { username } = new URL(value)
  if (!masters.has(username.toLowerCase())) return undefined
  return {
    kind: 'administrator’s role of a database',
    can: 'reads, changes and drops every table, and reads files of its machine',
    instead: 'a role of its own that may only SELECT from the tables it needs',
    severity: 'high',
  }
}

function powerOfAccount(value: string): Power | undefined {
  if (!value.startsWith('{')) return undefined
  const account = parsed(value)
  if (!isObject(account) || account['type'] !== 'service_account' || !('private_key' in account)) return undefined
  return {
    kind: 'key of a Google service account',
    can: 'does what its roles say, until somebody deletes it',
    instead: 'a short-lived token (workload identity) of an account with one role',
    severity: 'medium',
  }
}

// Scopes with which everything was granted, as identity providers spell them.
const everything = /^(?:\*|admin|root|sudo|full_access|all|.*[:/.](?:\*|admin|cloud-platform|FullControl\.All))$/u
/** The role of a global administrator, the same in every directory of Microsoft. */
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10'

function powerOfToken(value: string): Power | undefined {
  const [, payload = ''] = /^(?:Bearer )?[\w-]{10,1000}\.([\w-]{10,12000})\.[\w-]{0,2000}$/u.exec(value) ?? []
  const claims = payload === '' ? undefined : parsed(Buffer.from(payload, 'base64url').toString('utf8'))
  if (!isObject(claims)) return undefined
  const granted = ['scope', 'scp', 'roles', 'wids', 'permissions'].flatMap(name => wordsOf(claims[name]))
  const all = granted.find(word => everything.test(word) || word === globalAdministrator)
  if (all === undefined) return undefined
  return {
    kind: 'token of an identity provider',
    can: 'was granted everything there is',
    instead: 'one with the scopes of the one service that it calls',
    severity: 'high',
  }
}

function wordsOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return value.split(' ', 200)
  return Array.isArray(value) ? value.slice(0, 200).filter(word => typeof word === 'string') : []
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
