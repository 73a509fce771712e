/** The same text on every machine: prose, code, logs and Japanese in turn, from a seeded generator. */
const seed = 20_261_122
const blockBytes = 512 * 1024

const words =
  'the of to and in that it was for on with as his at by had not are but from or have they which one were all her she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over man me even most made after also did many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three'.split(
    ' ',
  )
const code = [
  'export function total(rows: readonly Row[]): number {',
  '  return rows.reduce((sum, row) => sum + row.price * row.count, 0)',
  '}',
  "if (path.startsWith('/srv/') && !path.includes('..')) await open(path, 'r')",
  'SELECT id, name FROM people WHERE city = $1 ORDER BY name LIMIT 50;',
]
const japanese = '今日は天気がいいので、駅まで歩いて行きました。会議は三時から始まります。'

let block: string | undefined

/** `length` UTF-16 units of the corpus. */
export function text(length: number): string {
  block ??= compose()
  return block.repeat(Math.ceil(length / block.length)).slice(0, length)
}

function compose(): string {
  const next = generator(seed)
  let out = ''
  while (out.length < blockBytes) out += `${paragraph(next)}\n\n`
  return out
}

function paragraph(next: () => number): string {
  const kind = Math.floor(next() * 10)
  if (kind < 6) return prose(next)
  if (kind < 8) return `\`\`\`ts\n${code.join('\n')}\n\`\`\``
  if (kind < 9) return logLines(next)
  return japanese.repeat(1 + Math.floor(next() * 3))
}

function prose(next: () => number): string {
  const count = 40 + Math.floor(next() * 80)
  const picked = Array.from({ length: count }, () => words[Math.floor(next() * words.length)] ?? '')
  return `${picked.join(' ')}. “Quoted”, 3.14 % — and a link: https://docs.example.com/${Math.floor(next() * 1e6)}.`
}

function logLines(next: () => number): string {
  const line = (i: number) =>
    `2026-11-22T14:${String(i % 60).padStart(2, '0')}:11Z INFO req=${Math.floor(next() * 2 ** 32).toString(16)} GET /items/${i} 200 ${Math.floor(next() * 97)}ms user="Zoë Müller"`
  return Array.from({ length: 12 }, (_, i) => line(i)).join('\n')
}

/** mulberry32: small, and good enough for filler. */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
