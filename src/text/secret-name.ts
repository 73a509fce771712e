/**
 * Whether a name (a JSON key, a header, an environment variable, a flag) announces a credential. Compared without case,
 * separators and compatibility forms, so that `X-Api-Key`, `apiKey` and `API_KEY` are one name.
 */
export function isSecretKey(key: string): boolean {
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = announces(key)
  if (answers.size >= answersMax) answers.clear()
  if (key.length <= nameChars) answers.set(key, answer)
  return answer
}

// The same few names come with every call.
const answers = new Map<string, boolean>()
const answersMax = 2048

function announces(key: string): boolean {
  const name = normalised(key)
  if (name.length < 2 || harmless.has(name)) return false
  return exact.has(name) || ending.test(name) || inside.test(name)
}

/** Whether a header's whole line is a credential, blanks and semicolons included. */
export function isSecretHeader(key: string): boolean {
  return headers.has(normalised(key))
}

// A name longer than this is text; its last part is what says what it holds.
const nameChars = 96

function normalised(key: string): string {
  const end = key.length > nameChars ? key.slice(-nameChars) : key
  return end
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, '')
}

const headers = new Set(['authorization', 'proxyauthorization', 'cookie', 'setcookie', 'xauthorization', 'auth'])

const exact = new Set([
  ...headers,
  ...['pass', 'pwd', 'pw', 'passwort', 'kennwort', 'bearer', 'jwt', 'pat', 'sig', 'otp', 'totp', 'pin', 'cvv', 'cvc'],
  ...['cvv2', 'sid', 'sessionid', 'mcpsessionid', 'jsessionid', 'phpsessid', 'dsn', 'databaseurl', 'connectionuri'],
  ...['xamzsecuritytoken', 'xamzsignature', 'signature', 'mnemonic', 'seedphrase', 'recoveryphrase', 'recoverycodes'],
  ...['privkey', 'psk', 'kubeconfig', 'htpasswd', 'netrc', 'pgpass', 'credentialsjson', 'serviceaccountjson'],
])

// Names that only look like one: paging and progress cursors, counters, switches.
const harmless = new Set([
  ...['progresstoken', 'pagetoken', 'nextpagetoken', 'nexttoken', 'continuationtoken', 'cursortoken', 'synctoken'],
  ...['maxtokens', 'passwordless', 'secretary', 'secretaries', 'publickey', 'tokenizer', 'passwordhint'],
])

const ending =
  /(?:passw(?:or)?d|pwd|passphrase|passcode|tokens?|tokenvalue|tokenstring|token[0-9]{1,3}|credentials?|authkey|accesskey|accesskeyid|accountkey|adminkey|appkey|saskey|writekey|secretkey|privatekey|signingkey|encryptionkey|masterkey|sessionkey|sharedkey|sharedaccesskey|deploykey|licensekey|cookies?|connectionstring|connstr|authorization|webhookurl)$/u

const inside = /password|passwd|passphrase|secret|apikey|privatekey|accesstoken|refreshtoken|authtoken|bearertoken/u
