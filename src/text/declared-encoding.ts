const reach = 2000
const header = /content-transfer-encoding:\s?(?:base64|quoted-printable)/giu
const ofMail = /^(?:[\w-]{1,40}:|\s|[\w+/=]*\r?$)/u

/**
 * Whether a mail says that what stands there comes in base64: so mail is sent, and its reader's program undoes it. What
 * no header announces was encoded to hide it.
 */
export function isDeclaredEncoding(raw: string, from: number): boolean {
  const before = raw.slice(Math.max(0, from - reach), from)
  const last = [...before.matchAll(header)].at(-1)
  if (last === undefined) return false
  const [, ...lines] = before.slice(last.index).split('\n')
  return lines.every(line => ofMail.test(line))
}
