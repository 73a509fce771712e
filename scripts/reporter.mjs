// Prints failures in full and skips with their reason; leaves the tally for scripts/test.ts, and a pulse while tests end.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'

export default async function* reporter(events) {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of events) {
    if (process.env.SALLYPORT_PULSE && type !== 'test:stdout') writeFileSync(process.env.SALLYPORT_PULSE, '')
    const isLeaf = data?.details?.type !== 'suite' && data?.file !== undefined && data?.name !== data?.file
    if (type === 'test:pass' && isLeaf) {
      if (data.skip === undefined) tally.passed++
      else {
        tally.skipped++
        yield `   skipped: ${data.name}: ${data.skip}\n`
      }
    }
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
      tally.failed++
      yield `\n   ✖ ${relative(process.cwd(), data.file ?? '')} › ${data.name}\n${indent(text(data.details?.error))}\n`
    }
    if (type === 'test:stderr' && process.env.SALLYPORT_TEST_STDERR) yield data.message
  }
  if (process.env.SALLYPORT_TALLY) writeFileSync(process.env.SALLYPORT_TALLY, JSON.stringify(tally))
}

function text(error) {
  const cause = error?.cause ?? error
  const said = cause?.stack ?? cause?.message
  // What came from another process may be an object without a prototype, which no string can be made of.
  return typeof said === 'string' ? said : inspect(cause)
}

function indent(block) {
  return block.replaceAll(/^/gm, '     ')
}
