import { unknownPart } from './source-constant.ts'

const address = /\b(?:https?|wss?):\/\/([a-z0-9.\-\ufffc[\]]+)(?::(\d{1,5}))?/giu
const secretPlaces =
  /(?:^|[/\\~])\.(?:ssh|aws|gnupg|kube|netrc|npmrc|pypirc|git-credentials|docker|config)\b|^\/(?:etc|proc|root|home|Users)\//u
const placeCharsMax = 300
const blobChars = 512

/** Hosts of the addresses in a text; what is only known when the program runs is called so. */
export function addressesIn(text: string): string[] {
  if (text.length < 8) return []
  return [...text.matchAll(address)].map(([, host = '', port]) => {
    const name = host.includes(unknownPart) ? 'a host named at run time' : host.toLowerCase()
    return port === undefined ? name : `${name}:${port}`
  })
}

/** Whether a text names a place where systems and people keep what is nobody else's. */
export function isSecretPlace(text: string): boolean {
  return text.length >= 4 && text.length < placeCharsMax && secretPlaces.test(text)
}

/** Long, without a space, of one alphabet: text that is meant to be decoded. */
export function isBlob(text: string): boolean {
  return text.length >= blobChars && /^(?:[A-Za-z0-9+/_-]+=*|(?:\\x[0-9a-f]{2})+)$/u.test(text)
}
