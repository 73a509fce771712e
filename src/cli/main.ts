#!/usr/bin/env node
/** The command line. What a client starts a hundred times a day goes the short way; everything else loads a framework. */
const [command, ...words] = process.argv.slice(2)

const nodeMin = [22, 13] as const
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
  process.stderr.write(
    `sallyport needs Node ${nodeMin.join('.')} or newer, and this is ${process.versions.node}. With npm alone: npx -p node@24 -p sallyport sallyport ${command ?? ''}\n`,
  )
  process.exit(2)
}

process.exitCode = await run()

async function run(): Promise<number> {
  if (command === '--version' || command === '-V') {
    const { version } = await import('../gateway/version.ts')
    process.stdout.write(`${version}\n`)
    return 0
  }
  if (command === 'exec') {
    const { runExec } = await import('./exec.ts')
    return runExec(words)
  }
  const { runProgram } = await import('./program.ts')
  return runProgram(process.argv.slice(2))
}
