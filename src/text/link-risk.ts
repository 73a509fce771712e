import type { Link } from './link.ts'
import { readingOf } from './views.ts'

/** Why an address may carry data away, strongest first. */
export type LinkRisk =
  | 'asks-for-data'
  | 'carries-text'
  | 'collector'
  | 'script'
  | 'credentials'
  | 'look-alike-host'
  | 'long-value'

export type JudgedLink = { readonly risk: LinkRisk; readonly host: string; readonly units: number }

// Hosts that exist to receive whatever is sent to them.
const collectors =
  /(?:^|\.)(?:webhook\.site|requestbin\.(?:com|net)|pipedream\.net|requestcatcher\.com|beeceptor\.com|hookbin\.com|ngrok(?:-free)?\.(?:io|app|dev)|burpcollaborator\.net|oastify\.com|oast\.(?:fun|live|me|online|pro|site)|interact\.sh|dnslog\.cn|ceye\.io|canarytokens\.(?:com|org)|ptsv[23]\.com|postb\.in|typedwebhook\.tools|trycloudflare\.com|serveo\.net|loca\.lt)$/u
const discord = /^(?:discord(?:app)?\.com\/api\/webhooks|hooks\.slack\.com\/services|api\.telegram\.org\/bot)/u
// A place in the query or path that the reader is to fill: `?q={conversation}`, `?d=[SECRET]`, `?x=<base64 of notes>`.
const slot =
  /(?:\{\{?|\[|<|%7b|%5b|%3c|\$\{)\s?(?:[a-z0-9 _.-]{0,30}(?:data|secret|token|key|password|conversation|history|summary|content|message|prompt|context|email|user|base64|encoded|info|result|name|answer|text|memory|notes|env|file)[a-z0-9 _.-]{0,30})\s?(?:\}|\]|>|%7d|%5d|%3e|$)/iu
const longValue = 160

// A host in small letters and a path of short parts: nothing is carried, and nothing needs to be taken apart.
const plain = /^https?:\/\/([a-z0-9.-]{1,253})(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~+,;=@:-]{0,23})*$/u
// The same with places to fill, which count only in what is made to be followed: `/commits{/sha}`.
const plainBare = /^https?:\/\/([a-z0-9.-]{1,253})(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~+,;=@:-]{0,20}[{}]?)*$/u
const taking = /^(?:discord(?:app)?\.com|hooks\.slack\.com|api\.telegram\.org)$|xn--/u

/** Whether one look tells that nothing is wrong with an address. */
export function isHarmless({ url, isBare }: Link): boolean {
  const [, name] = plain.exec(url) ?? (isBare ? plainBare.exec(url) : null) ?? []
  return name !== undefined && !taking.test(name) && !collectors.test(name)
}

/** What is wrong with an address, if anything is; the same for the same link. */
export function riskOf(link: Link): JudgedLink | undefined {
  const { url, isFetched, isBare } = link
  if (isHarmless(link)) return undefined
  if (/^(?:javascript|vbscript|data):/iu.test(url)) return { risk: 'script', host: '', units: url.length }
  const parsed = URL.parse(url.startsWith('//') ? `https:${url}` : url)
  if (parsed === null) return undefined
  const carried = parsed.search + parsed.hash
  const host = parsed.hostname
  const judged = (risk: LinkRisk, units: number): JudgedLink => ({ risk, host, units })
  // A bare address with a slot is how interfaces are documented.
  const query = url.indexOf('?')
  if (!isBare && slot.test(isFetched || query < 0 ? url : url.slice(query)))
    return judged('asks-for-data', carried.length)
  const hidden = carriedText(parsed)
  if (hidden > 0) return judged('carries-text', hidden)
  if (collectors.test(host) || discord.test(host + parsed.pathname)) return judged('collector', carried.length)
  if (parsed.password !== '') return judged('credentials', parsed.password.length)
  if (host.includes('xn--')) return judged('look-alike-host', host.length)
  return isFetched && longestValue(parsed) >= longValue ? judged('long-value', longestValue(parsed)) : undefined
}

/** How much readable text an address holds in an encoding, where an address has no reason for one. */
function carriedText(url: URL): number {
  let units = 0
  for (const part of [...url.searchParams.values(), ...url.pathname.split('/'), url.hash.slice(1)]) {
    if (part.length < 24) continue
    for (const view of readingOf(part).others)
      if (view.channel === 'encoded' && /[A-Za-z]{2,} [A-Za-z]{2,}|@|[:=]/u.test(view.text) && !isIcon(part, view.text))
        units += view.text.length
  }
  return units
}

/** Badges bring their picture along, in the address that draws them. */
function isIcon(part: string, decoded: string): boolean {
  return /^data:image\/svg\+xml[;,]/iu.test(part) && /^(?:<\?xml[^>]{0,200}>\s{0,20})?<svg\s/iu.test(decoded)
}

function longestValue(url: URL): number {
  // Signatures of stores and picture services are long by nature and say so by name.
  const values = [...url.searchParams].filter(
    ([key]) => !/sig|token|credential|policy|hash|key-pair|expires|^x-/iu.test(key),
  )
  return Math.max(0, ...values.map(([, value]) => value.length))
}
