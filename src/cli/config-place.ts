import { readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { type Document, readDocument } from '../config/document.ts'
import { type Path, type Problem, pathText } from '../config/problem.ts'

/** Finds where in the files of a configuration something stands, so that what is said of it has a line. */
export function problemFinder({ sources }: Config): (path: Path, text: string) => Problem {
  const sheets = sources.flatMap(({ path }) => sheetOf(path))
  return (path, text) => {
    const sheet = sheets.findLast(({ document }) => document.has(path.slice(0, 3)))
    const place = sheet?.document.placeOf(path) ?? { line: 1, column: 1 }
    return { file: sheet?.file ?? '', ...place, at: pathText(path), text }
  }
}

function sheetOf(file: string): { file: string; document: Document }[] {
  const read = readDocument(readFileSync(file, 'utf8'), file)
  return read.ok ? [{ file, document: read.document }] : []
}
