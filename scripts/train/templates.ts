import { globSync, readFileSync } from 'node:fs'

/** One wording of the grammar, its family, and the fifth that it belongs to: whole families are kept out together. */
export type Template = { readonly text: string; readonly family: string; readonly fold: number }

export const folds = 5

const folder = new URL('words/', import.meta.url)

/** The templates of a kind: one with many families spreads over files short enough to read, `frames-mail.txt`. */
export function templatesOf(kind: string): readonly Template[] {
  return templatesIn([kind, ...globSync(`${kind}-*.txt`, { cwd: folder.pathname }).sort().map(nameOf)])
}

/** Reads files of templates, one a line: `# name` opens a family; those that stand by themselves are their own. */
export function templatesIn(files: readonly string[]): readonly Template[] {
  const templates: Template[] = []
  let [family, families, isAlone] = ['', -1, false]
  for (const name of files)
    for (const line of readFileSync(new URL(`${name}.txt`, folder), 'utf8').split('\n')) {
      if (/^# [a-z ]+(?:\.md)?$/u.test(line)) {
        family = line.slice(2)
        isAlone = family === 'each by itself'
        families++
      } else if (line !== '')
        templates.push({
          text: line.replaceAll('\\n', '\n').replaceAll('\\\\', '\\'),
          family: `${name}: ${family}`,
          fold: (isAlone ? templates.length : families) % folds,
        })
    }
  return templates
}

function nameOf(file: string): string {
  return file.replace('.txt', '')
}

/** One fifth of the families of wordings is kept out of training, so that measuring meets wordings the model never saw. */
export type Side = 'train' | 'unseen' | 'all'

export type Choice = { readonly side: Side; readonly fold?: number }

/** The templates that a side may use. */
export function within(templates: readonly Template[], { side, fold = folds - 1 }: Choice): readonly Template[] {
  return side === 'all' ? templates : templates.filter(each => (each.fold === fold) === (side === 'unseen'))
}
