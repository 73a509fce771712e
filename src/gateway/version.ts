import { readFileSync } from 'node:fs'

/** The version in package.json, read once. */
export const version: string = readVersion()

/** How the gateway introduces itself to clients where it speaks for several servers. */
export const gatewayInfo = { name: 'sallyport', title: 'Sallyport', version } as const

function readVersion(): string {
  // Two folders up from the sources, one from the bundle.
  for (const path of ['../../package.json', '../package.json'])
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (
        typeof found === 'object' &&
        found !== null &&
        'name' in found &&
        found.name === 'sallyport' &&
        'version' in found
      )
        return String(found.version)
    } catch {}
  return 'unknown'
}
