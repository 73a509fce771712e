/** What a code point is to someone who hides text. One byte each, filled in blocks of 256 on first need. */
export const kinds = { plain: 0, invisible: 1, compatible: 2, combining: 3, lookalike: 4, space: 5 } as const
type Kind = (typeof kinds)[keyof typeof kinds]

const table = new Uint8Array(0x10000)
const isFilled = new Uint8Array(0x100)

/** The kind of one UTF-16 unit below the surrogates, or of any code point. */
export function kindOf(code: number): number {
  if (code < 0x80) return kinds.plain
  if (code > 0xffff) return astralKind(code)
  const block = code >> 8
  if (isFilled[block] === 0) fill(block)
  return table[code] ?? 0
}

function fill(block: number): void {
  isFilled[block] = 1
  for (let code = block << 8; code < (block + 1) << 8; code++) table[code] = classify(code)
}

function classify(code: number): Kind {
  if (code < 0x80 || (code >= 0xd800 && code < 0xe000)) return kinds.plain
  if (isInvisible(code)) return kinds.invisible
  if ((code >= 0x300 && code < 0x370) || (code >= 0x1ab0 && code < 0x1b00) || (code >= 0x20d0 && code < 0x2100))
    return kinds.combining
  if (lookalikes.has(code)) return kinds.lookalike
  const text = String.fromCharCode(code)
  if (/\s/u.test(text)) return kinds.space
  return text.normalize('NFKC') === text && !likeAscii.has(code) ? kinds.plain : kinds.compatible
}

function astralKind(code: number): Kind {
  if (code >= 0xe0000 && code < 0xe1000) return kinds.invisible
  if ((code >= 0x1bca0 && code <= 0x1bca3) || (code >= 0x1d173 && code <= 0x1d17a)) return kinds.invisible
  const isStyled = (code >= 0x1d400 && code < 0x1d800) || (code >= 0x1f100 && code < 0x1f200)
  return isStyled || (code >= 0x1fbf0 && code <= 0x1fbf9) ? kinds.compatible : kinds.plain
}

/** Code points that show nothing, or reorder what is shown. Honest uses exist (emoji, Persian): see `hidden-text`. */
function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x17b4 ||
    code === 0x17b5 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x2800 ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff0 && code <= 0xfffb) ||
    (code >= 0x80 && code < 0xa0 && code !== 0x85)
  )
}

// Small capitals are Latin letters, in whatever text they stand.
const smallCapitals = 'ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz'
const likeAscii = new Map<number, string>([
  [0x2018, "'"],
  [0x2019, "'"],
  [0x201a, "'"],
  [0x201c, '"'],
  [0x201d, '"'],
  [0x201e, '"'],
  [0x2010, '-'],
  [0x2013, '-'],
  [0x2014, '-'],
  [0x2212, '-'],
])

// Letters of other scripts that are drawn like a Latin one; each pair is read as `other` then `Latin`.
const pairs =
  'аaАAвbВBсcСCԁdеeЕEһhНHіiІIјjЈJкkКKӏlмmМMпnоoОOрpРPԛqгrѕsЅSтtТTυuѵvѴVԝwԜWхxХXуyУYѡwґrёe' +
  'αaΑAβbΒBϲcδdεeΕEΖZηnΗHιiΙIκkΚKμuΜMνvΝNοoΟOρpΡPτtΤTΥYχxΧXγyσoωw' +
  'օoսuոnհhցgզqյjաwᎪAᏴBᏟCᎠDᎬEᎻHᎥiᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZ' +
  'ɑaɡgıiƖlǀl'
const lookalikes = new Map<number, string>()
{
  const letters = [...pairs]
  for (let i = 0; i + 1 < letters.length; i += 2) lookalikes.set(letters[i]?.codePointAt(0) ?? 0, letters[i + 1] ?? '')
}

/** The Latin letter that a letter of another script is drawn like, if any. */
export function latinFor(code: number): string | undefined {
  return lookalikes.get(code)
}

{
  const letters = [...smallCapitals]
  for (let i = 0; i + 1 < letters.length; i += 2) likeAscii.set(letters[i]?.codePointAt(0) ?? 0, letters[i + 1] ?? '')
}

const compatibles = new Map<number, string>()

/** What compatibility normalisation makes of one code point: `ﬁ` → `fi`, a bold or boxed letter → the letter. */
export function plainFor(code: number): string {
  const known = compatibles.get(code)
  if (known !== undefined) return known
  const plain = likeAscii.get(code) ?? boxed(code) ?? String.fromCodePoint(code).normalize('NFKC')
  if (compatibles.size < 8192) compatibles.set(code, plain)
  return plain
}

// Unicode gives the negative boxed and regional letters no compatibility form, though everyone reads them as letters.
function boxed(code: number): string | undefined {
  for (const start of [0x1f150, 0x1f170, 0x1f1e6])
    if (code >= start && code < start + 26) return String.fromCharCode(65 + code - start)
  return undefined
}
