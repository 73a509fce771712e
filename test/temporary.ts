import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { removeTree } from '../src/sandbox/remove-tree.ts'

const made: string[] = []
process.on('exit', () => {
  for (const path of made) removeTree(path)
})

/** An empty folder that is gone when the test file ends, without a link in its own path. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-test-')))
  made.push(folder)
  return folder
}

/** Lays out files: text, or `→ target` for a link, or nothing for a folder; a text that starts with `#!` can be run. */
export function layOut(files: Readonly<Record<string, string>>, root = temporaryFolder()): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (name.endsWith('/')) continue
    if (content.startsWith('→ ')) symlinkSync(content.slice(2), path)
    else writeFileSync(path, content)
    if (content.startsWith('#!')) chmodSync(path, 0o755)
  }
  return root
}
