import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../store/make-folder.ts'

/** Where the gateway keeps what must survive it: record, sessions, token. Readable for its user alone. */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const folder = env['SALLYPORT_STATE'] ?? join(stateHome(env), 'sallyport')
  make(folder)
  const problem = strangersIn(folder)
  if (problem !== undefined)
    throw Object.assign(new Error(`the state folder ${folder} ${problem}`), { code: 'unsafe-state' })
  return folder
}

function make(folder: string): void {
  try {
    makeFolder(folder)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause
    const text = `the state folder ${folder} cannot be made (${why}): make that place writable, or name another in SALLYPORT_STATE`
    throw Object.assign(new Error(text, { cause }), { code: 'no-state' })
  }
}

const othersWrite = 0o022

/** Whoever may write here can say what was approved, and which code is started. Windows has no such bits. */
function strangersIn(folder: string): string | undefined {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const { uid: owner, mode } = statSync(folder)
  if (owner !== uid && owner !== 0)
    return `belongs to another user (${owner}), who could change what was approved. Name one of your own in SALLYPORT_STATE`
  if ((mode & othersWrite) !== 0)
    return `can be written by others, who could change what was approved. Take that away (chmod go-w), or name another in SALLYPORT_STATE`
  return undefined
}

function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] ?? homedir()
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')
  return env['XDG_STATE_HOME'] ?? join(home, '.local', 'state')
}
