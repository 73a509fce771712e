// What a hostile server without a runtime would try: raw system calls. It acts only where it recognises the sandbox's own
// /etc/passwd, so that a broken test can never turn it on the machine. One line per attempt: name and errno (0: it worked).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *name, long result) {
  printf("%s %d\n", name, result < 0 ? errno : 0);
  fflush(stdout);
}

static int isInside(void) {
  char text[16] = {0};
  int file = open("/etc/passwd", O_RDONLY);
  if (file < 0 || read(file, text, 14) < 0) return 0;
  close(file);
  return getpid() < 100 && strncmp(text, "server:x:1000:", 14) == 0;
}

static void sockets(void) {
  say("socket-unix", socket(AF_UNIX, SOCK_STREAM, 0));
  say("socket-vsock", socket(40, SOCK_STREAM, 0));
  say("socket-packet", socket(AF_PACKET, SOCK_RAW, 0));
  say("socket-raw", socket(AF_INET, SOCK_RAW, 1));
  say("socket-netfilter", socket(AF_NETLINK, SOCK_RAW, 12));
  say("socket-alg", socket(38, SOCK_SEQPACKET, 0));
  say("socket-inet", socket(AF_INET, SOCK_STREAM, 0));
  say("socket-mptcp", socket(AF_INET, SOCK_STREAM, 262));
  say("socket-sctp", socket(AF_INET, SOCK_STREAM, 132));
  say("socket-sctp-packets", socket(AF_INET, SOCK_SEQPACKET, 132));
  say("socket-smc", socket(AF_INET6, SOCK_STREAM, 256));
  say("socket-dccp", socket(AF_INET, 6, 33));
  say("socket-udplite", socket(AF_INET, SOCK_DGRAM, 136));
  say("socket-ping", socket(AF_INET, SOCK_DGRAM, 1));
  say("socket-l2tp", socket(AF_INET, SOCK_DGRAM, 115));
  int tcp = socket(AF_INET, SOCK_STREAM, 6), before = 0, after = 0, much = 1 << 22;
  socklen_t size = sizeof before;
  getsockopt(tcp, SOL_SOCKET, SO_SNDBUF, &before, &size);
  say("layer-tls", setsockopt(tcp, 6, 31, "tls", 3));
  say("socket-program", setsockopt(tcp, SOL_SOCKET, SO_ATTACH_FILTER, &much, 16));
  setsockopt(tcp, SOL_SOCKET, SO_SNDBUF, &much, sizeof much);
  getsockopt(tcp, SOL_SOCKET, SO_SNDBUF, &after, &size);
  errno = EPERM;
  say("larger-buffer", after > before ? 0 : -1);
  close(tcp);
}

static void namespaces(void) {
  say("unshare-user", unshare(CLONE_NEWUSER));
  say("unshare-mount", unshare(CLONE_NEWNS));
  say("clone-user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  say("clone3", syscall(SYS_clone3, 0, 0));
  say("setns", setns(0, 0));
  say("mount", mount("none", "/tmp", "tmpfs", 0, 0));
  say("remount", mount(0, "/usr", 0, MS_REMOUNT | MS_BIND, 0));
  say("umount", umount2("/proc", MNT_DETACH));
  say("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
  say("open-tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
  say("pivot-root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
  say("chroot", chroot("/tmp"));
}

static void kernel(void) {
  int id[2] = {0};
  say("io-uring", syscall(SYS_io_uring_setup, 4, id));
  say("keyctl", syscall(SYS_keyctl, 0, -3, 0));
  say("add-key", syscall(SYS_add_key, "user", "x", "y", 1, -3));
  say("userfaultfd", syscall(SYS_userfaultfd, 1));
  say("bpf", syscall(SYS_bpf, 0, 0, 0));
  say("perf", syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
  say("memfd", syscall(SYS_memfd_create, "x", 0));
  say("shmget", syscall(SYS_shmget, 0, 4096, 01600));
  say("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0));
  say("process-vm-readv", syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0));
  say("pidfd-getfd", syscall(SYS_pidfd_getfd, 0, 0, 0));
  say("name-to-handle", syscall(SYS_name_to_handle_at, AT_FDCWD, "/", 0, 0, 0));
  say("tiocsti", ioctl(0, TIOCSTI, "x"));
  say("tioclinux", ioctl(0, 0x541c, "x"));
  int line = 16, terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  say("line-driver", ioctl(terminal, TIOCSETD, &line));
  say("shared-memory", mmap(0, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  int zero = open("/dev/zero", O_RDWR);
  say("shared-zero", mmap(0, 4096, PROT_READ, MAP_SHARED, zero, 0) == MAP_FAILED ? -1 : 0);
  say("swapon", syscall(SYS_swapon, "/tmp/x", 0));
  say("kexec", syscall(SYS_kexec_load, 0, 0, 0, 0));
  say("personality", syscall(SYS_personality, 0x0040000));
#ifdef __x86_64__
  say("x32", syscall(0x40000000 + 39));
#endif
  say("future", syscall(600));
}

/** Things that the kernel keeps for us, counted as nobody's memory, or out of one budget for the whole machine. */
static void kept(void) {
  unsigned long context = 0;
  say("semget", syscall(SYS_semget, 0, 8, 01600));
  say("msgget", syscall(SYS_msgget, 0, 01600));
  say("mq-open", syscall(SYS_mq_open, "q", O_CREAT | O_RDWR, 0600, 0));
  say("msgsnd", syscall(SYS_msgsnd, 0, "", 0, 0));
  say("io-setup", syscall(SYS_io_setup, 8, &context));
}

/** The kernel reads an int where the register is longer; whoever compares the whole register is got around. */
static void longArguments(void) {
  const long high = 1L << 32;
  say("long-socket-unix", syscall(SYS_socket, high | AF_UNIX, SOCK_STREAM, 0));
  say("long-socket-vsock", syscall(SYS_socket, high | 40, SOCK_STREAM, 0));
  say("long-socket-raw", syscall(SYS_socket, high | AF_INET, high | SOCK_RAW | SOCK_CLOEXEC, high | 1));
  say("long-tiocsti", syscall(SYS_ioctl, high, high | TIOCSTI, "x"));
  say("long-clone", syscall(SYS_clone, (1L << 40) | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  say("long-unshare", syscall(SYS_unshare, high | CLONE_NEWUSER));
  say("long-personality", syscall(SYS_personality, high | 0x0040000));
  say("negative-call", syscall(-2));
}

static void others(void) {
  struct sched_param urgent = {.sched_priority = 50};
  say("real-time", sched_setscheduler(0, SCHED_FIFO, &urgent));
  say("nice-below", setpriority(PRIO_PROCESS, 0, -20) < 0 ? -1 : 0);
  say("open-mem-of-first", open("/proc/1/mem", O_RDWR));
  say("fds-of-first", open("/proc/1/fd/0", O_RDONLY));
  say("kill-outside", kill(99999, 0));
  say("terminal", open("/dev/tty", O_RDWR));
  say("console", open("/dev/console", O_RDWR));
  say("link-system", link("/usr/lib/os-release", "/tmp/hard"));
}

/** What outlives the server and runs with its owner's rights, for whoever reaches the file. */
static void rightsLeft(void) {
  int file = open("/tmp/left", O_CREAT | O_WRONLY, 0755);
  say("chmod-setuid", chmod("/tmp/left", 04755));
  say("fchmod-setgid", fchmod(file, 02755));
  say("fchmodat2-setuid", syscall(452, AT_FDCWD, "/tmp/left", 04755, 0));
  say("open-setuid", open("/tmp/left2", O_CREAT | O_WRONLY, 04755));
  say("tmpfile-setuid", open("/tmp", O_TMPFILE | O_WRONLY, 04755));
  say("mknod-setuid", mknod("/tmp/left3", S_IFREG | 04755, 0));
  long how[3] = {O_CREAT | O_WRONLY, 04755, 0};
  say("openat2-setuid", syscall(437, AT_FDCWD, "/tmp/left4", how, sizeof how));
  say("long-chmod", syscall(SYS_fchmodat, AT_FDCWD, "/tmp/left", (1L << 32) | 04755));
  say("lease", fcntl(file, F_SETLEASE, F_WRLCK));
  struct stat stats = {0};
  fstat(file, &stats);
  errno = EPERM;
  say("has-rights", stats.st_mode & 06000 ? 0 : -1);
}

static void privileges(void) {
  struct rlimit more = {1 << 20, 1 << 20};
  say("setuid", setuid(0));
  say("setgid", setgid(0));
  say("mknod", mknod("/tmp/disk", S_IFBLK | 0600, makedev(254, 0)));
  say("raise-nproc", setrlimit(RLIMIT_NPROC, &more));
  say("raise-nofile", setrlimit(RLIMIT_NOFILE, &more));
  say("write-core-pattern", open("/proc/sys/kernel/core_pattern", O_WRONLY));
  say("write-sysrq", open("/proc/sysrq-trigger", O_WRONLY));
  say("write-pid-max", open("/proc/sys/kernel/pid_max", O_WRONLY));
  say("write-root", open("/planted", O_CREAT | O_WRONLY, 0600));
  say("write-dev", open("/dev/planted", O_CREAT | O_WRONLY, 0600));
  say("write-usr", open("/usr/lib/planted", O_CREAT | O_WRONLY, 0600));
  say("write-etc", open("/etc/planted", O_CREAT | O_WRONLY, 0600));
  say("open-kcore", open("/proc/kcore", O_RDONLY));
  say("open-disk", open("/dev/vda", O_RDONLY));
  say("open-uevent", open("/proc/1/root/etc/shadow", O_RDONLY));
  say("tmp", open("/tmp/fine", O_CREAT | O_WRONLY, 0600));
}

/** A call made in the instruction set of another processor mode must end the process, not be judged by our table. */
static void foreignMode(void) {
#ifdef __x86_64__
  pid_t child = fork();
  if (child == 0) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  errno = WTERMSIG(status);
  say("int80", WIFSIGNALED(status) ? -1 : 0);
#endif
}

#define MIB (1024L * 1024)

/** Bounded: 400 children that sleep. */
static int forks(void) {
  int made = 0;
  for (int i = 0; i < 400; i++) {
    pid_t child = fork();
    if (child == 0) {
      sleep(10);
      _exit(0);
    }
    if (child > 0) made++;
  }
  printf("forked %d\n", made);
  fflush(stdout);
  sleep(3);
  return 0;
}

static void fill(long mib) {
  char *memory = mmap(0, mib * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    printf("refused %d\n", errno);
    fflush(stdout);
    return;
  }
  for (long at = 0; at < mib * MIB; at += 4096) memory[at] = 1;
}

/** Bounded: eight processes of 100 MiB each, all of them below the limit of one process. */
static int balloon(void) {
  for (int i = 0; i < 8; i++)
    if (fork() == 0) {
      fill(100);
      sleep(10);
      _exit(0);
    }
  sleep(10);
  return 0;
}

/** Bounded: 160 GiB of addresses of which one byte in two MiB is looked at; the pages are all one, the tables are not. */
static int tables(void) {
  const long size = 160L * 1024 * MIB;
  char *memory = mmap(0, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return 0;
  madvise(memory, size, MADV_NOHUGEPAGE);
  long sum = 0;
  for (long at = 0; at < size; at += 2 * MIB) sum += memory[at];
  sleep(5);
  printf("tables %ld\n", sum);
  return 0;
}

/** Bounded: 300,000 files without a byte in them. */
static int inodes(void) {
  char path[64];
  long made = 0;
  for (; made < 300000; made++) {
    snprintf(path, sizeof path, "/tmp/%ld", made);
    if (mknod(path, S_IFREG | 0600, 0) != 0) break;
  }
  sleep(5);
  printf("inodes %ld\n", made);
  return 0;
}

/** Bounded: at most 400 MiB. */
static int disk(const char *folder) {
  static char block[MIB];
  char path[256];
  long written = 0;
  signal(SIGXFSZ, SIG_IGN);
  for (int i = 0; i < 40; i++) {
    snprintf(path, sizeof path, "%s/fill-%d", folder, i);
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    if (file < 0) break;
    for (int j = 0; j < 10 && write(file, block, MIB) == MIB; j++) written++;
    close(file);
  }
  printf("%s %ld\n", folder, written);
  return 0;
}

/** Bounded: 12,000 files of a few bytes, in as many folders as one wishes. */
static int many(const char *folder) {
  char path[512];
  long made = 0;
  for (; made < 12000; made++) {
    snprintf(path, sizeof path, "%s/few-%ld", folder, made);
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    if (file < 0 || write(file, "x", 1) != 1) break;
    close(file);
  }
  sleep(14);
  printf("many %ld\n", made);
  return 0;
}

/** Bounded: 60 files of 2 MiB that have room and no byte written, and no name after the next line. */
static int nameless(const char *folder) {
  char path[512];
  long made = 0;
  for (; made < 60; made++) {
    snprintf(path, sizeof path, "%s/no-%ld", folder, made);
    int file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0 || fallocate(file, 0, 0, 2 * MIB) != 0) break;
    unlink(path);
  }
  sleep(14);
  printf("nameless %ld\n", made);
  return 0;
}

/** Bounded: as before, kept by nothing but one page of each in memory. */
static int unseen(const char *folder) {
  char path[512];
  long made = 0;
  for (; made < 60; made++) {
    snprintf(path, sizeof path, "%s/un-%ld", folder, made);
    int file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0 || fallocate(file, 0, 0, 2 * MIB) != 0) break;
    if (mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0) == MAP_FAILED) break;
    unlink(path);
    close(file);
  }
  sleep(14);
  printf("unseen %ld\n", made);
  return 0;
}

/** Bounded: 3,000 files at the bottom of more folders than any path can name, or in one that is closed to all. */
static int buried(const char *folder, int isDeep) {
  char name[201], path[512];
  memset(name, 'd', 200);
  name[200] = 0;
  if (chdir(folder) != 0) return 97;
  for (int i = 0; i < (isDeep ? 40 : 1); i++)
    if (mkdir(name, 0700) != 0 || chdir(name) != 0) return 96;
  int here = open(".", O_RDONLY);
  if (!isDeep) fchmod(here, 0300);
  long made = 0;
  for (; made < 3000; made++) {
    snprintf(path, sizeof path, "f-%ld", made);
    if (mknodat(here, path, S_IFREG | 0600, 0) != 0) break;
  }
  if (!isDeep) fchmod(here, 0);
  sleep(14);
  printf("buried %ld\n", made);
  return 0;
}

static int spin(void) {
  for (volatile unsigned long i = 0; i < 40000000000UL; i++)
    ;
  printf("spun\n");
  return 0;
}

static int loadIn(const char *what, const char *folder) {
  if (strcmp(what, "many") == 0) return many(folder);
  if (strcmp(what, "nameless") == 0) return nameless(folder);
  if (strcmp(what, "unseen") == 0) return unseen(folder);
  if (strcmp(what, "deep") == 0) return buried(folder, 1);
  if (strcmp(what, "closed") == 0) return buried(folder, 0);
  return 98;
}

static int load(const char *what) {
  if (strcmp(what, "forks") == 0) return forks();
  if (strcmp(what, "balloon") == 0) return balloon();
  if (strcmp(what, "spin") == 0) return spin();
  if (strcmp(what, "tables") == 0) return tables();
  if (strcmp(what, "inodes") == 0) return inodes();
  if (strcmp(what, "disk") == 0) return disk("/tmp") + disk("/dev/shm") + disk("/") + disk("/dev");
  return 98;
}

int main(int count, char **words) {
  if (!isInside()) {
    printf("not inside the sandbox\n");
    return 99;
  }
  if (count > 2) return loadIn(words[1], words[2]);
  if (count > 1) return load(words[1]);
  sockets();
  namespaces();
  kernel();
  kept();
  longArguments();
  others();
  rightsLeft();
  privileges();
  foreignMode();
  return 0;
}
