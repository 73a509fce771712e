import type { SecretSpan } from './secret-shapes.ts'

/** Credentials whose makers gave them a prefix, or a form nothing else has. */
export function* prefixedTokens(text: string): Generator<SecretSpan> {
  for (const match of text.matchAll(anyPrefixed)) {
    const which = match.slice(1).findIndex(group => group !== undefined)
    yield { from: match.index, to: match.index + match[0].length, kind: kinds[which] ?? 'token', isLong: true }
  }
}

// No pattern may need more after an open-ended run, or a repeated prefix would cost quadratic time.
const prefixes: ReadonlyArray<readonly [kind: string, pattern: string]> = [
  ['github token', 'gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}'],
  ['gitlab token', 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[A-Za-z0-9_.-]{16,}'],
  ['slack token', 'xox[a-z]{0,2}-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}'],
  ['aws key id', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}'],
  ['anthropic key', 'sk-ant-[A-Za-z0-9_-]{16,}'],
  ['api key', '(?<![a-z])sk-[A-Za-z0-9_-]{16,}'],
  ['stripe key', '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}'],
  ['google key', 'AIza[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{16,}|ya29\\.[A-Za-z0-9_.-]{16,}|1//0[A-Za-z0-9_-]{16,}'],
  ['npm token', 'npm_[A-Za-z0-9]{20,}'],
  ['pypi token', 'pypi-[A-Za-z0-9_-]{16,}'],
  ['sendgrid key', 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}'],
  ['twilio key', '(?<![A-Za-z0-9])SK[0-9a-f]{32}'],
  ['telegram token', '[0-9]{8,10}:[A-Za-z0-9_-]{35}'],
  ['discord token', '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,}'],
  ['hugging face token', 'hf_[A-Za-z0-9]{20,}|api_org_[A-Za-z0-9]{20,}'],
  ['digitalocean token', 'do[opr]_v1_[a-f0-9]{32,}'],
  ['shopify token', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}'],
  ['vault token', 'hv[sbr]\\.[A-Za-z0-9_-]{16,}'],
  ['databricks token', 'dapi[a-f0-9]{32}'],
  ['atlassian token', 'ATATT3[A-Za-z0-9_=-]{16,}|ATCTT3[A-Za-z0-9_=-]{16,}'],
  [
    'service token',
    '(?:dckr_pat_|dop_|lin_api_|ntn_|secret_|figd_|PMAK-|NRAK-|NRII-|sq0[a-z]{3}-|tskey-|glsa_)[A-Za-z0-9_-]{16,}',
  ],
  [
    'service token',
    '(?:dp\\.pt\\.|sntrys_|sbp_|pscale_tkn_|rubygems_|phc_|pul-|r8_|gsk_|xai-|pplx-|nvapi-|fo1_|key-)[A-Za-z0-9_-]{20,}',
  ],
  ['age key', 'AGE-SECRET-KEY-1[A-Z0-9]{16,}'],
  ['jwt', 'eyJ[A-Za-z0-9_-]{16,}(?:\\.[A-Za-z0-9_-]*){0,4}'],
  [
    'webhook',
    'hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9/_-]{16,}|/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{16,}',
  ],
]
const kinds = prefixes.map(([kind]) => kind)
const anyPrefixed = new RegExp(prefixes.map(([, pattern]) => `(${pattern})`).join('|'), 'gu')
