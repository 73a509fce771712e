import type { Launch } from '../core/launch.ts'
import { reservedMiB } from './bubblewrap.ts'
import type { Landlock, SystemRoot } from './machine.ts'
import type { Plan } from './plan.ts'
import { realPathOf } from './real-path.ts'
import { seccompFilter } from './seccomp.ts'
import type { Architecture } from './system-call.ts'

/** What Landlock needs to hold everything that is asked of it here: opening, changing, moving and cutting files. */
export const landlockAtLeast = 3

const mebi = 1024 * 1024

export type LandlockParts = {
  readonly landlock: Landlock
  readonly architecture: Architecture
  readonly root: SystemRoot
}

/**
 * A start under Landlock and the system call filter, for machines that allow no namespaces. The helper is the system's
 * Python, told what to do by descriptor: it limits itself and then becomes the server, same process, no shell.
 */
export function landlockLaunch(plan: Plan, { landlock, architecture, root }: LandlockParts): Launch {
  const { limits } = plan.permission
  const programs = plan.children === 'any' ? root.programs : plan.children
  const want = {
    rules: [
      ...[...root.libraries, ...programs, ...plan.code].map(path => [path, 'run']),
      ...root.settings.flatMap(path => realPathOf(path) ?? []).map(path => [path, 'read']),
      ...plan.read.map(({ from }) => [from, 'read']),
      ...plan.write.map(({ from }) => [from, 'write']),
      ...['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'].map(path => [path, 'device']),
      // Its own numbers, and no other process's: the folder is bound to the process that opens it.
      ...['/proc/self', '/proc/meminfo', '/proc/stat', '/proc/cpuinfo'].map(path => [path, 'self']),
    ],
    limits: {
      RLIMIT_DATA: (limits.memoryMiB + reservedMiB) * mebi,
      RLIMIT_FSIZE: limits.fileMiB * mebi,
      RLIMIT_NOFILE: limits.openFiles,
      RLIMIT_CPU: limits.cpuSeconds,
      RLIMIT_CORE: 0,
    },
    cwd: plan.cwd,
    argv: [plan.program, ...plan.args],
  }
  return {
    command: landlock.python,
    args: ['-I', '-S', '-c', helper],
    env: plan.env,
    cwd: '/',
    inputs: [Buffer.from(JSON.stringify(want)), seccompFilter(architecture, { unixSockets: false, isAlone: true })],
    tier: 'reduced',
  }
}

/** What this tier leaves open of a document. */
export function landlockLosses({ write, code, permission }: Plan, abi: number): string[] {
  return [
    'names, sizes and times of files can be looked at everywhere; their contents cannot',
    'a file that was opened before it was moved stays open; processes are watched, not counted by the kernel',
    'there is no /tmp of its own: temporary files cannot be written unless a folder is declared',
    ...(write.length > 0 ? ['files.write: hooks and start-up files inside the folders can be changed'] : []),
    ...(abi < 6 ? ['other processes of this user can be sent signals'] : []),
    ...(permission.unixSockets ? ['unixSockets: there are no sockets at all'] : []),
    ...(code.length === 0 ? ['command: it could not be started'] : []),
  ]
}

/** Prints nothing but why it failed, and ends with 126 then: what cannot be limited is not started. */
const helper = String.raw`
import ctypes, json, os, resource, struct, sys

def die(why):
    os.write(2, ('sallyport: the reduced sandbox could not be made: %s\n' % why).encode())
    os._exit(126)

def whole(fd):
    parts = []
    while True:
        part = os.read(fd, 65536)
        if not part:
            os.close(fd)
            return b''.join(parts)
        parts.append(part)

want, code = json.loads(whole(3)), whole(4)
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(what, number, *args):
    result = libc.syscall(ctypes.c_long(number), *args)
    if result < 0:
        die('%s: %s' % (what, os.strerror(ctypes.get_errno())))
    return result

def prctl(what, *args):
    if libc.prctl(*[ctypes.c_ulong(a) for a in args + (0,) * (5 - len(args))]) != 0:
        die('%s: %s' % (what, os.strerror(ctypes.get_errno())))

abi = call('Landlock', 444, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
if abi < 3:
    die('Landlock %d is too old' % abi)
files = (1 << 15) - 1 | (1 << 15 if abi >= 5 else 0)
attr = struct.pack('QQQ', files, 3, 3)[:24 if abi >= 6 else 16 if abi >= 4 else 8]
rules = call('ruleset', 444, attr, ctypes.c_size_t(len(attr)), ctypes.c_uint32(0))
EXECUTE, WRITE, READ, LIST, TRUNCATE = 1, 2, 4, 8, 1 << 14
CHANGE = 16 | 32 | 128 | 256 | 4096 | 8192
rights = {
    'run': EXECUTE | READ | LIST,
    'read': READ | LIST,
    'self': READ | LIST,
    'write': READ | LIST | WRITE | TRUNCATE | CHANGE,
    'device': READ | WRITE | TRUNCATE,
}
ofFiles = EXECUTE | WRITE | READ | TRUNCATE
for path, how in want['rules']:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        if how in ('device', 'self'):
            continue
        die('%s is gone' % json.dumps(path))
    # What was judged is what is opened: a link that was put there meanwhile leads elsewhere.
    if how != 'self' and os.readlink('/proc/self/fd/%d' % fd) != path:
        die('%s changed while it was looked at' % json.dumps(path))
    isFolder = os.stat('/proc/self/fd/%d' % fd).st_mode & 0o170000 == 0o040000
    rule = struct.pack('=Qi', rights[how] if isFolder else rights[how] & ofFiles, fd)
    call('rule', 445, ctypes.c_int(rules), ctypes.c_int(1), rule, ctypes.c_uint32(0))
    os.close(fd)
for name, most in want['limits'].items():
    resource.setrlimit(getattr(resource, name), (most, most))
os.chdir(want['cwd'])
os.closerange(3, rules)
prctl('death signal', 1, 9)
if os.getppid() == 1:
    die('the gateway is gone')
prctl('privileges', 38, 1)
call('restrict', 446, ctypes.c_int(rules), ctypes.c_uint32(0))
os.closerange(3, 256)
text = ctypes.create_string_buffer(code, len(code))
program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(code) // 8, ctypes.addressof(text)), 16)
prctl('filter', 22, 2, ctypes.addressof(program))
try:
    os.execve(want['argv'][0], want['argv'], dict(os.environ))
except OSError as error:
    die('%s: %s' % (json.dumps(want['argv'][0]), error.strerror))
`
