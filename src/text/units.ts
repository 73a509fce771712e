/**
 * The UTF-16 units of a text in an array: asking a string for one of them costs several times as much, and every pass
 * over a text asks for all of them. The last few are kept, because one text is read by several passes in a row.
 */
export function unitsOf(text: string): Uint16Array {
  if (text.length > keptUnitsMax) return isLittle ? copied(text) : asked(text)
  const isShort = text.length < shortUnits
  for (const each of isShort ? keptShort : kept) if (each.text === text) return each.units
  const units = isLittle ? copied(text) : asked(text)
  if (isShort) keptShort[shortAt++ % keptShort.length] = { text, units }
  else keep(text, units)
  return units
}

// Node writes UTF-16 with the low byte first; where the processor reads it otherwise, each unit is asked for.
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Copied as a whole by Node, half surrogates as they are: ten times as fast as asking for each unit. */
function copied(text: string): Uint16Array {
  const bytes = Buffer.from(text, 'utf16le')
  // Small buffers are parts of a pool, and begin where the last one ended.
  return bytes.byteOffset % 2 === 0 ? new Uint16Array(bytes.buffer, bytes.byteOffset, text.length) : asked(text)
}

function asked(text: string): Uint16Array {
  const units = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
  return units
}

const keptMax = 8
/** Shorter ones cost little to copy, and would push the long ones out. */
const shortUnits = 256
/** Of all that are kept together, for they are not given back until other texts come. */
const keptUnitsMax = 4_194_304

type Kept = { readonly text: string; readonly units: Uint16Array }

const keptShort: Kept[] = Array.from({ length: 4 }, () => ({ text: '', units: new Uint16Array(0) }))
let shortAt = 0

const kept: Kept[] = []
let keptUnits = 0

function keep(text: string, units: Uint16Array): void {
  kept.push({ text, units })
  keptUnits += units.length
  while (kept.length > keptMax || keptUnits > keptUnitsMax) keptUnits -= kept.shift()?.units.length ?? 0
}
