import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket as Datagrams } from 'node:dgram'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { roomRoutes, roomRules } from './room-rules.ts'
import { EgressError, toolPath } from './tool.ts'

/** Namespaces with nobody in them but a process that waits, and the sockets through which everything in them arrives. */
export type HeldRoom = {
  readonly pid: number
  readonly listeners: readonly Server[]
  readonly names: readonly Datagrams[]
  readonly bells: readonly Datagrams[]
  /** Where datagrams went that were refused in the last seconds. */
  seenDatagrams(): Promise<readonly { address: string; port: number }[]>
  onLost(call: () => void): void
  close(): void
}

const stepMs = 10_000
const outputMax = 262_144

/** Makes a room without any privilege: a user namespace in which we are root over nothing but its own network. */
export async function holdRoom(): Promise<HeldRoom> {
  const [unshare, setpriv, cat] = [toolPath('unshare'), toolPath('setpriv'), toolPath('cat')]
  const [nsenter, ip, nft] = [toolPath('nsenter'), toolPath('ip'), toolPath('nft')]
  const keep = [setpriv, '--pdeathsig', 'KILL', '--', cat]
  const holder = spawn(unshare, ['--user', '--map-root-user', '--net', '--', ...keep], {
    // It ends with its parent twice over: by the signal, and because its input ends.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {},
    cwd: '/',
  })
  holder.stdin.on('error', () => undefined)
  try {
    await isWaiting(holder)
    const pid = holder.pid ?? 0
    const enter = [nsenter, '--target', String(pid), '--user', '--net', '--preserve-credentials', '--']
    await inRoom([...enter, ip, '-batch', '-'], roomRoutes)
    await inRoom([...enter, nft, '-f', '-'], roomRules())
    const sockets = await bindInRoom(enter)
    return {
      pid,
      ...sockets,
      seenDatagrams: async () => addressesIn(await inRoom([...enter, nft, '-j', 'list', 'sets', 'inet'], '')),
      onLost: call => void holder.once('exit', call),
      close: () => {
        for (const server of sockets.listeners) server.close()
        for (const socket of [...sockets.names, ...sockets.bells]) socket.close()
        holder.kill('SIGKILL')
      },
    }
  } catch (cause) {
    holder.kill('SIGKILL')
    throw cause
  }
}

/** The namespaces exist once `cat`, started in them, has given back a line. */
function isWaiting(holder: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      const wayOut =
        'allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor)'
      reject(
        new EgressError('no-namespaces', `no network namespace could be made: ${why || 'no reason given'}; ${wayOut}`),
      )
    }
    const timer = setTimeout(() => fail(`no answer after ${stepMs} ms`), stepMs)
    holder.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('latin1')).slice(0, 500)
    })
    holder.once('error', error => fail(error.message))
    holder.once('exit', () => fail(said.trim()))
    holder.stdout?.once('data', () => {
      clearTimeout(timer)
      resolve()
    })
    holder.stdin?.write('\n')
  })
}

function inRoom([command = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: {}, cwd: '/', timeout: stepMs, killSignal: 'SIGKILL' })
    const said = { out: '', error: '' }
    child.stdout.on('data', (bytes: Buffer) => {
      said.out = (said.out + bytes.toString('latin1')).slice(0, outputMax)
    })
    child.stderr.on('data', (bytes: Buffer) => {
      said.error = (said.error + bytes.toString('latin1')).slice(0, 500)
    })
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) return resolve(said.out)
      const tool = args.find(arg => /\/(?:ip|nft)$/u.test(arg)) ?? command
      reject(new EgressError('room-failed', `${tool} ended with ${code}: ${said.error.trim() || 'no reason given'}`))
    })
    child.stdin.on('error', () => undefined).end(input)
  })
}

type RoomSockets = Pick<HeldRoom, 'listeners' | 'names' | 'bells'>

function bindInRoom([command = '', ...args]: readonly string[]): Promise<RoomSockets> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const script = fileURLToPath(new URL(`./binder.${extension}`, import.meta.url))
  return new Promise((resolve, reject) => {
    const mortal = [toolPath('setpriv'), '--pdeathsig', 'KILL', '--']
    const child = spawn(command, [...args, ...mortal, process.execPath, script], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {},
      cwd: '/',
      timeout: stepMs,
      killSignal: 'SIGKILL',
    })
    const listeners: Server[] = []
    const named: { names: Datagrams[]; bells: Datagrams[] } = { names: [], bells: [] }
    let said = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('latin1')).slice(0, 1000)
    })
    child.on('message', (what, handle) => {
      if (handle !== undefined && 'listening' in handle) listeners.push(handle)
      else if (handle !== undefined && 'setTTL' in handle) named[what === 'names' ? 'names' : 'bells'].push(handle)
      if (what !== 'done') return
      child.disconnect()
      resolve({ listeners, ...named })
    })
    child.once('error', reject)
    child.once('exit', () =>
      reject(new EgressError('room-failed', `the room's sockets: ${said.trim() || 'no reason'}`)),
    )
  })
}

function addressesIn(json: string): { address: string; port: number }[] {
  return [...json.matchAll(/"concat": ?\["([0-9a-f:.]{2,45})", ?(\d{1,5})\]/gu)].map(([, address = '', port]) => ({
    address,
    port: Number(port),
  }))
}
