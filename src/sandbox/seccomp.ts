import {
  type Architecture,
  auditArchitecture,
  custodyCalls,
  lastKnown,
  metadataCalls,
  modeCalls,
  type Numbers,
  type SystemCall,
  systemCalls,
} from './system-call.ts'

/** What the filter leaves open beside INET, INET6 and NETLINK_ROUTE sockets. */
export type FilterOptions = {
  readonly unixSockets: boolean
  /**
   * No socket of any family, no change of modes, owners and times, and no way out of the process group and of the signal
   * that comes when the gateway goes: where there are no namespaces around it.
   */
  readonly isAlone?: boolean
}

const action = { allow: 0x7fff0000, kill: 0x80000000, errno: 0x00050000 } as const
const errno = { EPERM: 1, ENOSYS: 38, EPROTONOSUPPORT: 93, EAFNOSUPPORT: 97 } as const
const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const

// Offsets in struct seccomp_data; of an argument the low half, which is all the kernel reads of an int.
const offset = { number: 0, architecture: 4, argument: (n: number) => 16 + 8 * n } as const

/** Calls that a server never needs and that kernel exploits and escapes do. They answer EPERM. */
const forbidden: readonly SystemCall[] = [
  ...(['ptrace', 'process_vm_readv', 'process_vm_writev', 'process_madvise', 'pidfd_getfd', 'kcmp'] as const),
  ...(['mount', 'umount2', 'pivot_root', 'chroot', 'setns', 'unshare', 'open_tree', 'move_mount'] as const),
  ...(['fsopen', 'fsconfig', 'fsmount', 'fspick', 'mount_setattr', 'open_tree_attr'] as const),
  ...(['name_to_handle_at', 'open_by_handle_at', 'fanotify_init'] as const),
  ...(['keyctl', 'add_key', 'request_key', 'bpf', 'perf_event_open', 'userfaultfd'] as const),
  ...(['kexec_load', 'kexec_file_load', 'init_module', 'finit_module', 'delete_module', 'reboot'] as const),
  ...(['swapon', 'swapoff', 'acct', 'quotactl', 'quotactl_fd', 'syslog', 'settimeofday', 'clock_settime'] as const),
  ...(['clock_adjtime', 'adjtimex', 'sethostname', 'setdomainname', 'iopl', 'ioperm', 'modify_ldt'] as const),
  ...(['personality', 'vmsplice', 'mbind', 'move_pages', 'migrate_pages', 'set_mempolicy'] as const),
  ...(['set_mempolicy_home_node', 'nfsservctl', 'lookup_dcookie', 'vhangup', 'uselib', '_sysctl'] as const),
  // Memory that belongs to no process is not counted by any limit but a control group's.
  ...(['shmget', 'shmat', 'shmctl', 'memfd_secret', 'semget', 'semop', 'semctl', 'semtimedop'] as const),
  ...(['msgget', 'msgsnd', 'msgrcv', 'msgctl', 'mq_open', 'remap_file_pages'] as const),
]

/**
 * Calls that behave as on an older kernel, so that programs take the road they already know. clone3 hides its flags
 * behind a pointer; io_uring does file and socket work that no filter sees; a memfd is memory without an owner; requests
 * of the older kind come out of one budget for the whole machine.
 */
const unknown: readonly SystemCall[] = [
  'clone3',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
  'memfd_create',
  'io_setup',
  'openat2', // its mode lies behind a pointer
]

const newNamespaces = 0x7e020000
/** TIOCSTI types into the terminal of whoever started us, TIOCLINUX pastes; TIOCSETD has the kernel load a line's driver. */
const terminalTricks = [0x5412, 0x541c, 0x5423]

/** The filter as the kernel takes it: an array of struct sock_filter. */
export function seccompFilter(architecture: Architecture, options: FilterOptions): Uint8Array {
  const program = [
    ...checkArchitecture(architecture),
    load(offset.number),
    ...(architecture === 'x64' ? [jump('jge', 0x40000000, [0, 1]), fail(errno.ENOSYS)] : []), // the x32 twin of each call
    ...numbersOf(forbidden, architecture).flatMap(number => [jump('jeq', number, [0, 1]), fail(errno.EPERM)]),
    ...(options.isAlone === true ? [...metadataCalls, ...custodyCalls] : []).flatMap(numbers => {
      const number = numbers[architecture]
      return number === undefined ? [] : [jump('jeq', number, [0, 1]), fail(errno.EPERM)]
    }),
    ...numbersOf(unknown, architecture).flatMap(number => [jump('jeq', number, [0, 1]), fail(errno.ENOSYS)]),
    // What is newer than this table does not exist: the next io_uring is closed before we have heard of it.
    ...[jump('jgt', lastKnown, [0, 1]), fail(errno.ENOSYS)],
    ...onCall('clone', architecture, [
      load(offset.argument(0)),
      jump('jset', newNamespaces, [0, 1]),
      fail(errno.EPERM),
    ]),
    ...onCall('ioctl', architecture, refusing(1, terminalTricks)),
    ...onCall('fcntl', architecture, refusing(1, [setLease])),
    ...onCall('mmap', architecture, ownedMemory()),
    ...onCall('setsockopt', architecture, socketOptions()),
    ...modeCalls.flatMap(call => modeRules(call, architecture)),
    ...(options.isAlone === true ? onCall('prctl', architecture, keptSignal()) : []),
    ...onCall('socket', architecture, socketRules(options)),
    give(action.allow),
  ]
  return bytesOf(program)
}

function checkArchitecture(architecture: Architecture): Instruction[] {
  return [load(offset.architecture), jump('jeq', auditArchitecture[architecture], [1, 0]), give(action.kill)]
}

/** Whoever opens a file with a lease waits until its holder lets go, 45 seconds each: the gateway would, and a person. */
const setLease = 1024

function refusing(argument: number, values: readonly number[]): Instruction[] {
  return [load(offset.argument(argument)), ...values.flatMap(value => [jump('jeq', value, [0, 1]), fail(errno.EPERM)])]
}

const mapping = { shared: 0x01, anonymous: 0x20 } as const

/** Memory that is shared and has no file stays when its pages are let go of, and no figure of a process shows it then. */
function ownedMemory(): Instruction[] {
  return [
    load(offset.argument(3)),
    jump('jset', mapping.anonymous, [0, 2]),
    jump('jset', mapping.shared, [0, 1]),
    fail(errno.EPERM),
  ]
}

const level = { socket: 1, tcp: 6 } as const
const option = { sendBuffer: 7, receiveBuffer: 8, filters: [26, 50, 51, 52], tcpLayer: 31 } as const

/**
 * Programs in the kernel and protocols above TCP are nothing that a server needs. Sizes of buffers stay as they are, which
 * is what the kernel does with too large ones: what waits in a socket is memory that counts as nobody's.
 */
function socketOptions(): Instruction[] {
  const programs = option.filters.flatMap(name => [jump('jeq', name, [0, 1]), fail(errno.EPERM)])
  const sizes = [option.sendBuffer, option.receiveBuffer].flatMap(name => [jump('jeq', name, [0, 1]), fail(0)])
  const onSocket = [load(offset.argument(2)), ...programs, ...sizes, give(action.allow)]
  const onTcp = [load(offset.argument(2)), jump('jeq', option.tcpLayer, [0, 1]), fail(errno.EPERM)]
  return [
    load(offset.argument(1)),
    ...[jump('jeq', level.socket, [0, onSocket.length]), ...onSocket],
    ...[jump('jeq', level.tcp, [0, onTcp.length]), ...onTcp],
  ]
}

const rightsOfOwner = 0o6000
const makesFile = 0o100 | 0o20000000

/** A file that runs with the rights of its owner hands these to every other user of the machine who can reach it. */
function modeRules({ mode, flags, ...numbers }: (typeof modeCalls)[number], architecture: Architecture): Instruction[] {
  const number = numbers[architecture]
  if (number === undefined) return []
  const refuse = [load(offset.argument(mode)), jump('jset', rightsOfOwner, [0, 1]), fail(errno.EPERM)]
  const isMade = flags === undefined ? [] : [load(offset.argument(flags)), jump('jset', makesFile, [0, refuse.length])]
  return [jump('jeq', number, [0, isMade.length + refuse.length + 1]), ...isMade, ...refuse, give(action.allow)]
}

const setDeathSignal = 1

function keptSignal(): Instruction[] {
  return [load(offset.argument(0)), jump('jeq', setDeathSignal, [0, 1]), fail(errno.EPERM)]
}

const plainSockets = [
  { type: 1, protocol: 6 }, // a stream is TCP: not MPTCP, SCTP, SMC or DCCP, whose code in the kernel a dial would load
  { type: 2, protocol: 17 }, // a datagram is UDP: not UDP-Lite, ICMP or L2TP
] as const

function socketRules({ unixSockets, isAlone }: FilterOptions): Instruction[] {
  if (isAlone === true) return [fail(errno.EAFNOSUPPORT)]
  const allow = give(action.allow)
  return [
    load(offset.argument(0)),
    ...(unixSockets ? [jump('jeq', family.unix, [0, 1]), allow] : []),
    // Of netlink only the routing family: asking for one's own addresses uses it, and packet filters live in another.
    ...[jump('jeq', family.netlink, [0, 4]), load(offset.argument(2)), jump('jeq', 0, [0, 1]), allow],
    fail(errno.EAFNOSUPPORT),
    ...[jump('jeq', family.inet, [2, 0]), jump('jeq', family.inet6, [1, 0]), fail(errno.EAFNOSUPPORT)],
    ...[load(offset.argument(1)), and(0xf)],
    ...plainSockets.flatMap(({ type, protocol }) => [
      ...[jump('jeq', type, [0, 6]), load(offset.argument(2))],
      ...[jump('jeq', 0, [0, 1]), allow, jump('jeq', protocol, [0, 1]), allow, fail(errno.EPROTONOSUPPORT)],
    ]),
    fail(errno.EPERM),
  ]
}

/** Runs `rules` when the call is the one named; a rule that is not met falls through to allow. */
function onCall(call: SystemCall, architecture: Architecture, rules: readonly Instruction[]): Instruction[] {
  const [number] = numbersOf([call], architecture)
  if (number === undefined) return []
  return [jump('jeq', number, [0, rules.length + 1]), ...rules, give(action.allow)]
}

function numbersOf(calls: readonly SystemCall[], architecture: Architecture): number[] {
  return calls.flatMap(call => {
    const numbers: Numbers = systemCalls[call]
    return numbers[architecture] ?? []
  })
}

type Instruction = { readonly code: number; readonly yes: number; readonly no: number; readonly value: number }

const codes = { jeq: 0x15, jgt: 0x25, jge: 0x35, jset: 0x45 } as const

function load(at: number): Instruction {
  return { code: 0x20, yes: 0, no: 0, value: at }
}

function and(mask: number): Instruction {
  return { code: 0x54, yes: 0, no: 0, value: mask }
}

function jump(kind: keyof typeof codes, value: number, [yes, no]: readonly [yes: number, no: number]): Instruction {
  return { code: codes[kind], yes, no, value }
}

function give(value: number): Instruction {
  return { code: 0x06, yes: 0, no: 0, value }
}

function fail(number: number): Instruction {
  return give(action.errno | number)
}

function bytesOf(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(({ code, yes, no, value }, i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes.writeUInt8(yes, i * 8 + 2) // throws beyond 255: a jump can go no further
    bytes.writeUInt8(no, i * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4)
  })
  return bytes
}
