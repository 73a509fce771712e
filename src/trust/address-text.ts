import { unknownPart } from './source-constant.ts'

const address = /\b(?:https?|wss?):\/\/([a-z0-9.\-\ufffc[\]]+)(?::(\d{1,5}))?/giu
const secretPlaces =
  /(?:^|[/\\~])\.(?:ssh|aws|gnupg|kube|netrc|npmrc|pypirc|git-credentials|docker|config)\b|^\/(?:etc|proc|root|home|Users)\//u
const placeCharsMax = 300
const blobChars = 512

/**
 * Hosts of the addresses in a text; what is only known when the program runs is called so, and so is what stands in a
 * sentence: documentation is named to people and is not dialled.
 */
export function addressesIn(text: string): string[] {
  if (text.length < 8) return []
  const where = sentence.test(text) ? ' (named in a sentence)' : ''
  return [...text.matchAll(address)].flatMap(([, host = '', port]) => {
    // What follows a whole name without a slash is mostly a path, and can be the rest of a longer name.
    const [whole = ''] = host.endsWith(unknownPart) ? (wholeName.exec(host) ?? []) : []
    if (host.includes(unknownPart)) return whole === '' ? hostAtRunTime : [whole.toLowerCase(), hostAtRunTime]
    const name = `${host.toLowerCase()}${port === undefined ? '' : `:${port}`}`
    return `${name}${where}`
  })
}

const wholeName = /^(?:[a-z0-9-]+\.)+[a-z]{2,24}(?=\ufffc$)/iu

/** What stands in the place of a host that no text names. */
export const hostAtRunTime = 'a host named at run time'

// Six words in a row: commands, code and markup have signs between theirs.
const sentence =
  /\p{L}{2,24}[,;:]? \p{L}{2,24}[,;:]? \p{L}{2,24}[,;:]? \p{L}{2,24}[,;:]? \p{L}{2,24}[,;:]? \p{L}{2,24}/u

/** Whether a text names a place where systems and people keep what is nobody else's. */
export function isSecretPlace(text: string): boolean {
  return text.length >= 4 && text.length < placeCharsMax && secretPlaces.test(text)
}

/** Long, without a space, of one alphabet: text that is meant to be decoded. */
export function isBlob(text: string): boolean {
  return text.length >= blobChars && /^(?:[A-Za-z0-9+/_-]+=*|(?:\\x[0-9a-f]{2})+)$/u.test(text)
}
