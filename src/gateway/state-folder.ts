import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the gateway keeps what must survive it: record, sessions, token. Readable for its user alone. */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const folder = env['SALLYPORT_STATE'] ?? join(stateHome(env), 'sallyport')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] ?? homedir()
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')
  return env['XDG_STATE_HOME'] ?? join(home, '.local', 'state')
}
