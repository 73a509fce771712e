/** What stands in a cut value's place: what it was and how long; of long random ones the end, which tells keys apart. */
export function cutNotice(kind: string, value: string, showsEnd: boolean): string {
  const end = showsEnd && value.length >= 20 ? /[A-Za-z0-9]{4}$/u.exec(value)?.[0] : undefined
  return `[redacted: ${kind.replaceAll('-', ' ')}, ${value.length} chars${end === undefined ? '' : `, …${end}`}]`
}
