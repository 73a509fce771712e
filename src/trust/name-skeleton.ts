/**
 * Letters of other scripts that a reader takes for Latin ones. Only those that package managers, terminals or chat
 * windows show alike; accents are dropped by decomposition and full-width forms by NFKC before this is asked.
 */
const twins: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  х: 'x',
  у: 'y',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  к: 'k',
  м: 'm',
  т: 't',
  в: 'b',
  н: 'h',
  г: 'r',
  п: 'n',
  ѵ: 'v',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  ν: 'v',
  ι: 'i',
  κ: 'k',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ε: 'e',
  η: 'n',
  ω: 'w',
  γ: 'y',
  σ: 'o',
  ı: 'i',
  ɡ: 'g',
  ɑ: 'a',
  ʏ: 'y',
  ᴄ: 'c',
  ᴏ: 'o',
  ѐ: 'e',
  ⅼ: 'l',
  օ: 'o',
  ո: 'n',
  ս: 'u',
  հ: 'h',
  ց: 'g',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
}

/** Digits and pairs that stand in for a letter. Applied to both sides, so that honest digits cost nothing. */
const shapes: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
  ['0', 'o'],
  ['1', 'l'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['8', 'b'],
]

/** A name as an eye takes it: one script, no accents, no invisible characters, lower case, one separator. */
export function eyeForm(name: string): string {
  const plain = name.normalize('NFKC').toLowerCase().normalize('NFD')
  let out = ''
  for (const letter of plain) {
    if (/[\p{M}\p{Cf}\p{Cc}\p{Z}]/u.test(letter)) continue
    out += twins[letter] ?? letter
  }
  return out.replaceAll(/[-_.\u2010-\u2015\u2212]+/gu, '-').replaceAll('∕', '/')
}

/** The eye form with separators gone and digits read as the letters they resemble; equal for two names that look alike. */
export function skeletonOf(name: string): string {
  let out = eyeForm(name).replaceAll('-', '')
  for (const [from, to] of shapes) out = out.replaceAll(from, to)
  // Capital I, small l and 1 are one stroke in most fonts of editors.
  return out.replaceAll('i', 'l')
}

/** Scope without its `@` and the rest; a name without a scope has an empty one. */
export function partsOf(name: string): { readonly scope: string; readonly body: string } {
  const [, scope = '', body = name] = /^@([^/]*)\/(.*)$/su.exec(name) ?? []
  return { scope, body }
}

/** The words of a name. */
export function tokensOf(text: string): string[] {
  return eyeForm(text)
    .split(/[-/@]+/u)
    .filter(Boolean)
}
