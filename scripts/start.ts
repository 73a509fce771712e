/** `npm start`: the gateway over the first run's example; words after `--` go to `sallyport start`. */
import { runProgram } from '../src/cli/program.ts'

const words = process.argv.slice(2)
const config =
  words.includes('--config') || words.includes('-c') ? [] : ['--config', 'examples/first-run/sallyport.yaml']
process.exitCode = await runProgram(['start', ...config, ...words])
