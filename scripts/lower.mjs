// Tests end what they open with `using`, which Node 22 cannot read yet: there esbuild writes it out, as it does for what
// is shipped. The sources do without (test/architecture.test.ts), so programs that tests start need no such help.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

if (Number(process.versions.node.split('.')[0]) < 24) registerHooks({ load: lowered })

function lowered(url, context, next) {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context)
  const text = readFileSync(fileURLToPath(url), 'utf8')
  if (!/^\s*(?:await )?using \w/mu.test(text)) return next(url, context)
  const { code } = transformSync(text, {
    loader: 'ts',
    format: 'esm',
    target: 'node22',
    sourcefile: fileURLToPath(url),
  })
  return { format: 'module', source: code, shortCircuit: true }
}
