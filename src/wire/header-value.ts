const wrapped = /^=\?base64\?(.*)\?=$/u
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u

/** The text that a header value stands for; undefined for a base64 form that is not canonical or not UTF-8. */
export function decodeHeader(value: string): string | undefined {
  const inner = wrapped.exec(value)?.[1]
  if (inner === undefined) return value
  if (!base64.test(inner)) return undefined
  const bytes = Buffer.from(inner, 'base64')
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : undefined
}

/** Text as a header value: as it is when it is plain, else in the base64 form. */
export function encodeHeader(text: string): string {
  const isPlain = /^[!-~](?:[ -~]*[!-~])?$/u.test(text) && !wrapped.test(text)
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`
}
