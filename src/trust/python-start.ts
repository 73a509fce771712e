import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredProgram } from './find-stored.ts'
import type { StoredPackage } from './lock-file.ts'
import type { StoreRefused } from './store-change.ts'

/** Folders of a stored Python package: what is imported, and one small program for each script it offers. */
export const siteFolder = 'site'
const startFolder = 'start'

/** A package's name as PyPI itself compares names. */
export function pypiName(written: string): string {
  return written.toLowerCase().replaceAll(/[-_.]+/gu, '-')
}

const scriptLine =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,99})\s*=\s*([A-Za-z_][\w.]{0,199}):([A-Za-z_][\w.]{0,199})\s*(?:\[.*\])?$/u
const scriptsMax = 50

/**
 * Writes a starter for each console script. It names its own folder as the only place beside the standard library that is
 * imported from, and refuses another minor version of Python, whose compiled parts would not fit.
 */
export function writeStarters(folder: string, entryPoints: string, version: string): string[] {
  mkdirSync(join(folder, startFolder), { recursive: true, mode: 0o700 })
  const scripts = consoleScripts(entryPoints).slice(0, scriptsMax)
  for (const { script, module, attribute } of scripts)
    writeFileSync(join(folder, startFolder, `${script}.py`), starter({ script, module, attribute }, version), {
      mode: 0o600,
    })
  return scripts.map(({ script }) => script)
}

type Script = { readonly script: string; readonly module: string; readonly attribute: string }

function consoleScripts(text: string): Script[] {
  const section = /^\[console_scripts\]\s*$([\s\S]*?)(?=^\[|$(?![\s\S]))/mu.exec(text)?.[1] ?? ''
  return section.split(/\r?\n/u).flatMap(line => {
    const [, script, module, attribute] = scriptLine.exec(line.trim()) ?? []
    return script === undefined || module === undefined || attribute === undefined
      ? []
      : [{ script, module, attribute }]
  })
}

function starter({ script, module, attribute }: Script, version: string): string {
  const [top = attribute] = attribute.split('.')
  return `import os, sys
if '%d.%d' % sys.version_info[:2] != '${version}':
    sys.exit('stored for Python ${version}; this is %d.%d: add the server anew' % sys.version_info[:2])
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), '${siteFolder}'))
sys.argv[0] = '${script}'
from ${module} import ${top}
sys.exit(${attribute}())
`
}

/** No variables, no folders of the user or the machine, no compiled files left behind: what is stored is what runs. */
const flags = ['-I', '-S', '-B']

/** The words that start a stored package; a refusal when its interpreter or its script is not there. */
export function pythonCommand(
  { name, python }: StoredPackage,
  folder: string,
  bin: string | undefined,
): StoredProgram | StoreRefused {
  if (python === undefined || !existsSync(python.program))
    return {
      ok: false,
      reason: `${name} was stored for ${python?.program ?? 'a Python'} ${python?.version ?? ''}, which is gone`,
      wayOut: 'add the server anew with the Python that is here now',
    }
  const script = join(folder, startFolder, `${bin ?? name}.py`)
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(bin ?? name) || !existsSync(script))
    return {
      ok: false,
      reason: `${name} has no program ${bin ?? name}`,
      wayOut: `name one: uvx --from ${name} PROGRAM`,
    }
  return { ok: true, command: [python.program, ...flags, script], folder }
}
