/** A JSON value after one strict parse: what was judged is what is sent. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json | undefined }

/** RFC 6901 pointer into a JSON-RPC message, e.g. `/params/arguments/path`; the empty string is the whole. */
export type JsonPointer = string

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** One step of a pointer, escaped as RFC 6901 says. */
export function step(key: string | number): string {
  const text = String(key)
  return text.includes('~') || text.includes('/') ? `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${text}`
}

/** The value a pointer leads to, or undefined where it leads nowhere. */
export function valueAt(root: Json, pointer: JsonPointer): Json | undefined {
  let here: Json | undefined = root
  for (const key of pointerKeys(pointer)) {
    if (Array.isArray(here)) here = here[indexOf(key) ?? -1]
    else if (isObject(here) && Object.hasOwn(here, key)) here = here[key]
    else return undefined
  }
  return here
}

/** The unescaped steps of a pointer. */
export function pointerKeys(pointer: JsonPointer): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The array index that a step names; undefined for anything but plain decimal digits, as RFC 6901 says. */
export function indexOf(key: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,14})$/u.test(key) ? Number(key) : undefined
}
