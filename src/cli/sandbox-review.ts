import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ServerName } from '../core/brand.ts'
import { folderOf } from '../gateway/launcher.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { applyChange, undoChange } from '../sandbox/apply-change.ts'
import { type Change, changeId, type Reject, reviewStage } from '../sandbox/review.ts'
import { type Stage, stagesIn, strayedIn } from '../sandbox/staging.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { printJson } from './say.ts'

export type ReviewWish = {
  readonly json?: boolean
  readonly apply?: readonly string[]
  readonly undo?: readonly string[]
}

type Waiting = { readonly stage: Stage; readonly change: Change; readonly name: string }

/** Shows what a server changed in its copies, applies and takes back. Changes that wait end with 1, for scripts. */
export function review(server: ServerName, { json, apply = [], undo = [] }: ReviewWish): ExitCode {
  const folder = folderOf(join(stateFolder(), 'staging'), server)
  const stages = stagesIn(folder)
  const undone = undo.map(name => takeBack(stages, name))
  if (undo.length > 0) return undone.every(Boolean) ? 0 : 2
  const reviews = stages.map(stage => ({ stage, ...reviewStage(stage) }))
  const waiting = reviews.flatMap(({ stage, changes }) =>
    changes.map(change => ({ stage, change, name: `${change.path}@${changeId(change)}` })),
  )
  const strayed = strayedIn(folder).map(path => ({ path, why: 'is a link by now, or leads through one; move it back' }))
  const rejects = [...strayed, ...reviews.flatMap(found => found.rejects)]
  if (apply.length > 0) return takeOver(server, waiting, apply)
  if (json === true) printJson(jsonOf(waiting, rejects))
  else show(server, waiting, rejects)
  if (rejects.length > 0) return 3
  return waiting.length > 0 ? 1 : 0
}

function takeOver(server: ServerName, waiting: readonly Waiting[], apply: readonly string[]): ExitCode {
  const all = allOf(waiting)
  const chosen = new Set<Waiting>()
  for (const word of apply) {
    const found = word === all.name ? all.plain : waiting.filter(({ name }) => name === word)
    if (found.length === 0) return wrong(unknown(word, waiting))
    for (const one of found) chosen.add(one)
  }
  let isIncomplete = false
  for (const { stage, change, name } of chosen) {
    const applied = applyChange(stage, change)
    const back = `sallyport sandbox review ${server} --undo ${quoted(name)}`
    say(
      applied.ok
        ? `applied ${quoted(change.path)}; to take it back: ${back}`
        : `${quoted(change.path)}: ${applied.why}`,
    )
    if (!applied.ok) isIncomplete = true
  }
  if (isIncomplete) return 3
  return waiting.length > chosen.size ? 1 : 0
}

/** The server may write between a look and a yes: what is applied is named together with what it was. */
function unknown(word: string, waiting: readonly Waiting[]): string {
  const path = word.replace(/@[0-9a-f]{12}$/u, '')
  const same = waiting.find(({ change }) => change.path === path)
  if (same === undefined && path !== 'all') return `no change waits for ${quoted(word)}`
  return `${quoted(word)} is not what waits now; look at it again and name it as it is shown`
}

/** What can be taken over together: nothing that other programs run, and nothing that a person changed as well. */
function allOf(waiting: readonly Waiting[]): { readonly name: string; readonly plain: readonly Waiting[] } {
  const plain = waiting.filter(({ change }) => !change.isProtected && !change.hasConflict)
  const digest = createHash('sha256').update(JSON.stringify(plain.map(({ stage, name }) => [stage.original, name])))
  return { name: `all@${digest.digest('hex').slice(0, 12)}`, plain }
}

function takeBack(stages: readonly Stage[], name: string): boolean {
  const [, path = '', id = ''] = /^(.+)@([0-9a-f]{12})$/su.exec(name) ?? []
  const results = stages.map(stage => undoChange(stage, path, id))
  const isDone = results.some(({ ok }) => ok)
  const why = results.map(result => (result.ok ? '' : result.why)).find(text => text !== 'no such change was applied')
  say(isDone ? `took back ${quoted(path)}` : `${quoted(name)}: ${why ?? 'no such change was applied'}`)
  return isDone
}

function show(server: ServerName, waiting: readonly Waiting[], rejects: readonly Reject[]): void {
  for (const one of waiting) print(changeText(one))
  for (const { path, why } of rejects) say(`not reviewed, and never applied: ${quoted(path)}: ${why}`)
  const { name, plain } = allOf(waiting)
  if (waiting.length === 0) return
  say(`to apply one: sallyport sandbox review ${server} --apply ${quoted(waiting[0]?.name ?? '')}`)
  if (plain.length > 1)
    say(`to apply all ${plain.length} that are plain: sallyport sandbox review ${server} --apply ${name}`)
}

function jsonOf(waiting: readonly Waiting[], rejects: readonly Reject[]) {
  const changes = waiting.map(({ stage, change: { over: _, ...change }, name }) => {
    return { folder: stage.original, name, ...change }
  })
  return { all: allOf(waiting).name, changes, rejects }
}

function changeText({ change: { kind, bytes, runs, hasConflict, isProtected, diff }, name }: Waiting): string {
  const notes = [
    ...(runs === undefined ? [] : [runs ? 'it can be run' : 'it can no longer be run']),
    ...(hasConflict ? ['the original changed meanwhile, and that would be lost'] : []),
    ...(isProtected ? ['other programs run or believe this file'] : []),
  ]
  const head = [`${kind} ${quoted(name)} (${bytes} bytes)`, ...notes].join('; ')
  return diff === undefined ? head : `${head}\n${plain(diff)}`
}

/** A diff keeps its lines; whatever would steer the terminal is shown as its number. */
function plain(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, char => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}

/** As a shell takes it: names of files are chosen by the server, and these lines are made to be pasted. */
function quoted(name: string): string {
  return /^[\w@%+=:,./-]+$/u.test(name) ? name : `'${plain(name).replaceAll("'", "'\\''").replaceAll('\n', '\\n')}'`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}
