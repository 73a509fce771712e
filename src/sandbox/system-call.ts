/** The two instruction sets for which the filter is written; a server on any other is not started in the full tier. */
export const architectures = ['x64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** How the kernel names the instruction set of a call (linux/audit.h). */
export const auditArchitecture: Readonly<Record<Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 }

/** The newest call that was known when the table was written (file_setattr); the numbers are shared from 424 on. */
export const lastKnown = 469

/** Numbers of the calls that the filter names. A call without a number does not exist on that instruction set. */
export const systemCalls = {
  acct: { x64: 163, arm64: 89 },
  add_key: { x64: 248, arm64: 217 },
  adjtimex: { x64: 159, arm64: 171 },
  bpf: { x64: 321, arm64: 280 },
  chroot: { x64: 161, arm64: 51 },
  clock_adjtime: { x64: 305, arm64: 266 },
  clock_settime: { x64: 227, arm64: 112 },
  clone: { x64: 56, arm64: 220 },
  clone3: { x64: 435, arm64: 435 },
  delete_module: { x64: 176, arm64: 106 },
  fanotify_init: { x64: 300, arm64: 262 },
  fcntl: { x64: 72, arm64: 25 },
  finit_module: { x64: 313, arm64: 273 },
  fsconfig: { x64: 431, arm64: 431 },
  fsmount: { x64: 432, arm64: 432 },
  fsopen: { x64: 430, arm64: 430 },
  fspick: { x64: 433, arm64: 433 },
  init_module: { x64: 175, arm64: 105 },
  io_setup: { x64: 206, arm64: 0 },
  io_uring_enter: { x64: 426, arm64: 426 },
  io_uring_register: { x64: 427, arm64: 427 },
  io_uring_setup: { x64: 425, arm64: 425 },
  ioctl: { x64: 16, arm64: 29 },
  ioperm: { x64: 173 },
  iopl: { x64: 172 },
  kcmp: { x64: 312, arm64: 272 },
  kexec_file_load: { x64: 320, arm64: 294 },
  kexec_load: { x64: 246, arm64: 104 },
  keyctl: { x64: 250, arm64: 219 },
  lookup_dcookie: { x64: 212, arm64: 18 },
  mbind: { x64: 237, arm64: 235 },
  memfd_create: { x64: 319, arm64: 279 },
  memfd_secret: { x64: 447, arm64: 447 },
  migrate_pages: { x64: 256, arm64: 238 },
  mmap: { x64: 9, arm64: 222 },
  modify_ldt: { x64: 154 },
  mount: { x64: 165, arm64: 40 },
  mount_setattr: { x64: 442, arm64: 442 },
  move_mount: { x64: 429, arm64: 429 },
  move_pages: { x64: 279, arm64: 239 },
  mq_open: { x64: 240, arm64: 180 },
  msgctl: { x64: 71, arm64: 187 },
  msgget: { x64: 68, arm64: 186 },
  msgrcv: { x64: 70, arm64: 188 },
  msgsnd: { x64: 69, arm64: 189 },
  name_to_handle_at: { x64: 303, arm64: 264 },
  nfsservctl: { x64: 180, arm64: 42 },
  open_by_handle_at: { x64: 304, arm64: 265 },
  open_tree: { x64: 428, arm64: 428 },
  open_tree_attr: { x64: 467, arm64: 467 },
  openat2: { x64: 437, arm64: 437 },
  perf_event_open: { x64: 298, arm64: 241 },
  personality: { x64: 135, arm64: 92 },
  pidfd_getfd: { x64: 438, arm64: 438 },
  pivot_root: { x64: 155, arm64: 41 },
  prctl: { x64: 157, arm64: 167 },
  process_madvise: { x64: 440, arm64: 440 },
  process_vm_readv: { x64: 310, arm64: 270 },
  process_vm_writev: { x64: 311, arm64: 271 },
  ptrace: { x64: 101, arm64: 117 },
  quotactl: { x64: 179, arm64: 60 },
  quotactl_fd: { x64: 443, arm64: 443 },
  reboot: { x64: 169, arm64: 142 },
  remap_file_pages: { x64: 216, arm64: 234 },
  request_key: { x64: 249, arm64: 218 },
  semctl: { x64: 66, arm64: 191 },
  semget: { x64: 64, arm64: 190 },
  semop: { x64: 65, arm64: 193 },
  semtimedop: { x64: 220, arm64: 192 },
  set_mempolicy: { x64: 238, arm64: 237 },
  set_mempolicy_home_node: { x64: 450, arm64: 450 },
  setdomainname: { x64: 171, arm64: 162 },
  sethostname: { x64: 170, arm64: 161 },
  setns: { x64: 308, arm64: 268 },
  setsockopt: { x64: 54, arm64: 208 },
  settimeofday: { x64: 164, arm64: 170 },
  shmat: { x64: 30, arm64: 196 },
  shmctl: { x64: 31, arm64: 195 },
  shmget: { x64: 29, arm64: 194 },
  socket: { x64: 41, arm64: 198 },
  swapoff: { x64: 168, arm64: 225 },
  swapon: { x64: 167, arm64: 224 },
  _sysctl: { x64: 156 },
  syslog: { x64: 103, arm64: 116 },
  umount2: { x64: 166, arm64: 39 },
  unshare: { x64: 272, arm64: 97 },
  uselib: { x64: 134 },
  userfaultfd: { x64: 323, arm64: 282 },
  vhangup: { x64: 153, arm64: 58 },
  vmsplice: { x64: 278, arm64: 75 },
} as const satisfies Readonly<Record<string, Numbers>>

/** Calls that give a file its mode: the argument that holds it, and the one that says whether there is one. */
export const modeCalls: readonly (Numbers & { readonly mode: number; readonly flags?: number })[] = [
  { x64: 90, mode: 1 }, // chmod
  { x64: 91, arm64: 52, mode: 1 }, // fchmod
  { x64: 268, arm64: 53, mode: 2 }, // fchmodat
  { x64: 452, arm64: 452, mode: 2 }, // fchmodat2
  { x64: 133, mode: 1 }, // mknod
  { x64: 259, arm64: 33, mode: 2 }, // mknodat
  { x64: 85, mode: 1 }, // creat
  { x64: 2, mode: 2, flags: 1 }, // open
  { x64: 257, arm64: 56, mode: 3, flags: 2 }, // openat
]

export type Numbers = { readonly x64?: number; readonly arm64?: number }
export type SystemCall = keyof typeof systemCalls

/** Calls that change who may use a file and when it was used: Landlock does not hold them. */
export const metadataCalls: readonly Numbers[] = [
  { x64: 90 }, // chmod
  { x64: 91, arm64: 52 }, // fchmod
  { x64: 268, arm64: 53 }, // fchmodat
  { x64: 452, arm64: 452 }, // fchmodat2
  { x64: 92 }, // chown
  { x64: 93, arm64: 55 }, // fchown
  { x64: 94 }, // lchown
  { x64: 260, arm64: 54 }, // fchownat
  { x64: 132 }, // utime
  { x64: 235 }, // utimes
  { x64: 261 }, // futimesat
  { x64: 280, arm64: 88 }, // utimensat
  { x64: 188, arm64: 5 }, // setxattr
  { x64: 189, arm64: 6 }, // lsetxattr
  { x64: 190, arm64: 7 }, // fsetxattr
  { x64: 197, arm64: 14 }, // removexattr
  { x64: 198, arm64: 15 }, // lremovexattr
  { x64: 199, arm64: 16 }, // fremovexattr
  { x64: 463, arm64: 463 }, // setxattrat
  { x64: 466, arm64: 466 }, // removexattrat
]

/** Calls by which a process leaves the group that is ended as a whole: without a process namespace nothing else ends it. */
export const custodyCalls: readonly Numbers[] = [
  { x64: 112, arm64: 157 }, // setsid
  { x64: 109, arm64: 154 }, // setpgid
]
