import type { Plugin } from 'esbuild'

/** What the bundle has to call its own `require`: under that name the bundler would follow it. */
export const lateName = 'loadLate'

/** Leaves some packages, and Node's own parts, outside of a bundle, and loads each where the code that wants it first runs. */
export function late(packages: readonly string[]): Plugin {
  const isOutside = (path: string) =>
    path.startsWith('node:') || packages.some(name => path === name || path.startsWith(`${name}/`))
  return {
    name: 'late',
    setup(build) {
      build.onResolve({ filter: /^[@a-z]/ }, ({ kind, path }) =>
        kind !== 'entry-point' && isOutside(path) ? { path, namespace: 'late' } : undefined,
      )
      build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: `module.exports = ${lateName}(${JSON.stringify(path)})`,
      }))
    },
  }
}

/** Has an entry load others that are bundled by themselves; the name of a source is in the first group. */
export function apart(source: RegExp): Plugin {
  return {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: source }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path: `./${source.exec(path)?.[1]}.js`, external: true } : undefined,
      )
    },
  }
}
