import { landlockAtLeast, landlockLaunch } from './landlock.ts'
import type { Landlock, Machine, Obstacle } from './machine.ts'
import { missing, obstacle } from './obstacle.ts'
import { readPermission } from './permission.ts'
import type { Plan } from './plan.ts'
import { realPathOf } from './real-path.ts'
import { runOnce } from './run-once.ts'

const probeMs = 5000
const question = [
  'import ctypes,socket,sys',
  'c=ctypes.CDLL(None,use_errno=True)',
  'out=["abi=%d"%c.syscall(ctypes.c_long(444),None,ctypes.c_size_t(0),ctypes.c_uint32(1))]',
  'def tried(name,act):',
  '  try:',
  '    act();out.append(name+"=open")',
  '  except OSError as e: out.append(name+"=closed")',
  'tried("file",lambda:open("/etc/passwd").read(1))',
  'tried("environ",lambda:open("/proc/1/environ").read(1))',
  'tried("write",lambda:open("/tmp/sallyport-probe","x").close())',
  'tried("inet",lambda:socket.socket(socket.AF_INET))',
  'tried("unix",lambda:socket.socket(socket.AF_UNIX))',
  'tried("code",lambda:open(sys.executable,"rb").read(1))',
  'print(" ".join(out))',
].join('\n')

/** Tries Landlock by holding a program with it that then tries what must be closed. */
export async function tryLandlock(machine: Machine): Promise<Landlock | Obstacle | undefined> {
  if (machine.platform !== 'linux') return undefined
  const { python3 } = machine.tools
  if (machine.architecture === undefined) return obstacle('architecture', `no system call table for ${process.arch}`)
  if (python3 === undefined) return missing('python3, which makes the calls for Landlock,', 'python3')
  const python = realPathOf(python3)
  const plan = python === undefined ? undefined : probePlan(python)
  if (python === undefined || plan === undefined) return missing('python3', 'python3')
  const parts = { landlock: { ok: true, abi: landlockAtLeast, python } as const, architecture: machine.architecture }
  const launch = landlockLaunch(plan, { ...parts, root: machine.root })
  const argv = [launch.command, ...launch.args]
  const ran = await runOnce({ argv, inputs: launch.inputs, env: launch.env }, probeMs)
  if (ran.code !== 0) return obstacle('failed', ran.stderr || ran.failure || `ended with ${ran.code}`)
  const abi = Number(/^abi=(\d+) /u.exec(ran.stdout)?.[1])
  const isHeld = /^abi=\d+ file=closed environ=closed write=closed inet=closed unix=closed code=open\s*$/u.test(
    ran.stdout,
  )
  return isHeld ? { ok: true, abi, python } : obstacle('leaks', `Landlock did not hold: ${ran.stdout.slice(0, 200)}`)
}

function probePlan(python: NonNullable<ReturnType<typeof realPathOf>>): Plan | undefined {
  const reading = readPermission({}, { cwd: '/', home: '/nonexistent' })
  if (!reading.ok) return undefined
  return {
    ...{
      server: 'probe',
      program: python,
      args: ['-I', '-S', '-c', question],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    },
    ...{ code: [python], read: [], write: [], pins: [], children: [], hosts: [], permission: reading.permission },
  }
}
