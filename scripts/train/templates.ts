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

/** One fifth of the families of wordings is kept out of training, so that measuring meets wordings the model never saw. */
export type Side = 'train' | 'unseen' | 'all'

export type Choice = { readonly side: Side; readonly fold?: number }

/** The templates that a side may use. */
export function within(templates: readonly Template[], { side, fold = folds - 1 }: Choice): readonly Template[] {
  return side === 'all' ? templates : templates.filter(each => (each.fold === fold) === (side === 'unseen'))
}
