/** Writes every file that follows from another one. `--check` writes nothing and fails when one is out of date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { claimNeedsModule } from './generate-claims.ts'
import { configDocs, configJsonSchema } from './generate-config.ts'
import { guardsPage } from './generate-guards.ts'
import { permissionJsonSchema } from './generate-permission.ts'
import { knownServersModule, presetsModule } from './generate-presets.ts'
import { threatsPage } from './generate-threats.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Path → what should stand there. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['src/policy/presets.generated.ts', presetsModule(root)],
    ['src/sandbox/presets.generated.ts', knownServersModule(root)],
    ['src/text/claim-needs.generated.ts', claimNeedsModule()],
    ['docs/config.md', configDocs(root)],
    ['docs/config.schema.json', configJsonSchema()],
    ['docs/permission.schema.json', permissionJsonSchema()],
    ['docs/guards.md', guardsPage()],
    ['THREATS.md', threatsPage(root)],
  ])
}

/** Paths whose content is not what it should be. */
export async function outOfDate(): Promise<readonly string[]> {
  const wanted = await generated()
  return [...wanted].filter(([path, text]) => read(path) !== text).map(([path]) => path)
}

function read(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined
}

async function main(words: readonly string[]): Promise<void> {
  const late = await outOfDate()
  if (words.includes('--check')) {
    if (late.length > 0) process.stderr.write(`out of date: ${late.join(', ')}; run: npm run generate\n`)
    process.exitCode = late.length > 0 ? 1 : 0
    return
  }
  const wanted = await generated()
  for (const path of late) writeFileSync(join(root, path), wanted.get(path) ?? '')
  process.stdout.write(late.length > 0 ? `wrote ${late.join(', ')}\n` : 'everything is up to date\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
