import { readFileSync } from 'node:fs'

/** One wording of the grammar, and the fifth that it belongs to: whole families are kept out together. */
export type Template = { readonly text: string; readonly fold: number }

export const folds = 5

/** Reads a file of templates, one a line: `# name` opens a family; those that stand by themselves are their own. */
export function templatesOf(name: string): readonly Template[] {
  const templates: Template[] = []
  let family = -1
  let isAlone = false
  for (const line of readFileSync(new URL(`words/${name}.txt`, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('# ') && /^# [a-z ]+(?:\.md)?$/u.test(line)) {
      isAlone = line === '# each by itself'
      family++
    } else if (line !== '')
      templates.push({
        text: line.replaceAll('\\n', '\n').replaceAll('\\\\', '\\'),
        fold: (isAlone ? templates.length : family) % folds,
      })
  }
  return templates
}
