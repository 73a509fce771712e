/** The floor for a hop that looks: frame, parse once, forward the bytes that came. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { eachLine } from './lines.ts'

const [program = '', ...words] = process.argv.slice(2)
const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
const newline = Buffer.from('\n')
let requests = 0

eachLine(process.stdin, forwardTo(child.stdin))
eachLine(child.stdout, forwardTo(process.stdout))
process.stdin.on('end', () => child.stdin.end())
child.on('exit', () => process.exit(requests < 0 ? 1 : 0))

function forwardTo(out: Writable): (line: Buffer) => void {
  return line => {
    if ((JSON.parse(line.toString()) as { id?: unknown }).id !== undefined) requests++
    out.cork()
    out.write(line)
    out.write(newline)
    process.nextTick(() => out.uncork())
  }
}
