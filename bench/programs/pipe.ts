/** A hop that looks at nothing. */
import { spawn } from 'node:child_process'

const [program = '', ...words] = process.argv.slice(2)
const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
process.stdin.pipe(child.stdin)
child.stdout.pipe(process.stdout)
child.on('exit', () => process.exit(0))
