/** The floor under everything on stdio: a server of a few lines. */
import { answerTo } from './echo.ts'
import { eachLine } from './lines.ts'

const newline = Buffer.from('\n')

eachLine(process.stdin, line => {
  const answer = answerTo(line.toString())
  if (!answer) return
  process.stdout.cork()
  process.stdout.write(answer)
  process.stdout.write(newline)
  process.nextTick(() => process.stdout.uncork())
})
process.stdin.on('end', () => process.exit(0))
