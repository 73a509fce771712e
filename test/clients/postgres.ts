import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A database of its own on loopback, gone when the test ends; or why there is none. */
export async function startPostgres(t: TestContext): Promise<{ readonly port: number } | string> {
  const [initdb] = globSync('/usr/lib/postgresql/*/bin/initdb').sort().reverse()
  if (initdb === undefined) return 'no PostgreSQL server on this machine (apt install postgresql)'
  const person = ordinaryPerson()
  if (person === undefined) return 'root may not run PostgreSQL, and there is no user postgres'
  const folder = mkdtempSync('/var/tmp/sallyport-postgres-')
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  if (person.uid !== undefined) chownSync(folder, person.uid, person.gid ?? person.uid)
  const data = join(folder, 'data')
  const options = { ...person, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }
  const words = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  execFileSync(initdb, words, { ...options, timeout: 60_000, stdio: 'ignore' })
  const port = await freePort()
  const settings = ['-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F']
  const server = spawn(join(initdb, '..', 'postgres'), ['-D', data, ...settings], { ...options, stdio: 'ignore' })
  t.after(() => ended(server))
  await answering(port)
  return { port }
}

type Person = { readonly uid?: number; readonly gid?: number }

function ordinaryPerson(): Person | undefined {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout || Number.NaN)
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  return existsSync('/etc/passwd') && uid > 0 && gid > 0 ? { uid, gid } : undefined
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function answering(port: number): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const isThere = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isThere) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('PostgreSQL did not start within 20 s')
}

/** At once: what it would write goes with the folder. */
function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    server.once('exit', () => resolve())
    server.kill('SIGQUIT')
  })
}
