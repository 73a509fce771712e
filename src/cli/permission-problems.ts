import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Config } from '../config/config.ts'
import { type Document, readDocument } from '../config/document.ts'
import { type Path, type Problem, pathText } from '../config/problem.ts'
import { readPermission } from '../sandbox/permission.ts'
import { documentFor, isLocal } from './sandbox-target.ts'

/** What is wrong with the permission documents of a configuration, which otherwise shows when a server is first needed. */
export function permissionProblems(config: Config): readonly Problem[] {
  const sheets = config.sources.flatMap(({ path }) => sheetOf(path))
  return [...config.servers.values()].filter(isLocal).flatMap(server => {
    const reading = readPermission(documentFor(server).document, { cwd: server.connect.cwd, home: homedir() })
    if (reading.ok) return []
    const standing: Path = ['servers', server.name, 'permissions']
    const sheet = sheets.find(({ document }) => document.has(standing))
    return reading.problems.map(({ at, text }) => {
      const path = [...standing, ...stepsOf(at)]
      const place = sheet?.document.placeOf(path) ?? { line: 1, column: 1 }
      return { file: sheet?.file ?? '', ...place, at: pathText(path), text }
    })
  })
}

function sheetOf(file: string): { file: string; document: Document }[] {
  const read = readDocument(readFileSync(file, 'utf8'), file)
  return read.ok ? [{ file, document: read.document }] : []
}

/** `net.hosts[0]` → net, hosts, 0. */
function stepsOf(at: string): Path {
  return [...at.matchAll(/\[(\d+)\]|[^.[\]]+/gu)].map(([text, index]) => (index === undefined ? text : Number(index)))
}
