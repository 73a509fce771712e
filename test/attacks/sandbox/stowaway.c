// What a hostile server would do to take memory that nobody counts, or to stay unseen by who counts. It acts only where it
// recognises the sandbox's own /etc/passwd, and takes at most 480 MiB for half a minute. A last line says that it got away with it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (1024L * 1024)

static int isInside(void) {
  char text[16] = {0};
  int file = open("/etc/passwd", O_RDONLY);
  if (file < 0 || read(file, text, 14) < 0) return 0;
  close(file);
  return getpid() < 100 && strncmp(text, "server:x:1000:", 14) == 0;
}

static int hasZero = -1;

static char *shared(long bytes) {
  int flags = hasZero < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  char *memory = mmap(0, bytes, PROT_READ | PROT_WRITE, flags, hasZero, 0);
  if (memory == MAP_FAILED) exit(95);
  return memory;
}

/** Pages of shared memory stay when a process lets go of them. One at a time: no figure of the process ever moves. */
static void pageByPage(void) {
  char *memory = shared(400 * MIB);
  for (long at = 0; at < 400 * MIB; at += 4096) {
    memory[at] = 1;
    madvise(memory + at, 4096, MADV_DONTNEED);
  }
}

/** They stay as well while any page of what they belong to is mapped, though the others are mapped no more. */
static void cutAway(void) {
  for (int i = 0; i < 8; i++) {
    char *memory = shared(60 * MIB);
    memset(memory, 1, 60 * MIB);
    munmap(memory + 4096, 60 * MIB - 4096);
  }
}

static void hidden(void) {
  char *memory = shared(400 * MIB);
  for (long at = 0; at < 400 * MIB; at += MIB) {
    memset(memory + at, 1, MIB);
    madvise(memory + at, MIB, MADV_DONTNEED);
  }
}

/** What waits in sockets is memory of the kernel. Bounded: four processes of 490 pairs. */
static void sockets(int domain) {
  static char block[64 * 1024];
  int most = 1 << 20;
  long total = 0;
  for (int p = 0; p < 4; p++) {
    if (p > 0 && fork() == 0) {
      sleep(8);
      _exit(0);
    }
    if (p > 0) continue;
    for (int i = 0; i < 490 && total < 400 * MIB; i++) {
      int pair[2];
      if (socketpair(domain, SOCK_STREAM, 0, pair) != 0) break;
      for (int side = 0; side < 2; side++) {
        setsockopt(pair[side], SOL_SOCKET, SO_SNDBUF, &most, sizeof most);
        for (long n; (n = send(pair[side], block, sizeof block, MSG_DONTWAIT)) > 0;) total += n;
      }
    }
  }
  printf("waiting %ld MiB\n", total / MIB);
  fflush(stdout);
}

/** Bounded: 60 files of 2 MiB that have room and no byte written, and no name after the next line. */
static void nameless(const char *folder) {
  char path[512];
  for (int i = 0; i < 60; i++) {
    snprintf(path, sizeof path, "%s/no-%d", folder, i);
    int file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0 || fallocate(file, 0, 0, 2 * MIB) != 0) break;
    unlink(path);
    usleep(100 * 1000);
  }
}

/** Bounded: 60 files of 2 MiB without a name that no process has open: they wait in a socket. */
static void inFlight(const char *folder) {
  char path[512];
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) exit(92);
  for (int i = 0; i < 60; i++) {
    snprintf(path, sizeof path, "%s/fl-%d", folder, i);
    int file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0 || fallocate(file, 0, 0, 2 * MIB) != 0) break;
    unlink(path);
    usleep(100 * 1000);
    char control[CMSG_SPACE(sizeof file)] = {0};
    struct iovec data = {"x", 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(header), &file, sizeof file);
    // A queue of datagrams is short; so each goes with a pair of its own.
    int own[2];
    if (sendmsg(pair[0], &message, MSG_DONTWAIT) < 0 && socketpair(AF_UNIX, SOCK_DGRAM, 0, own) == 0)
      if (sendmsg(own[0], &message, MSG_DONTWAIT) < 0) exit(91);
    close(file);
  }
}

/** Bounded: 200,000 files without a byte in them, which are memory of the kernel. */
static void names(void) {
  char path[64];
  for (long i = 0; i < 200000; i++) {
    snprintf(path, sizeof path, "/tmp/%ld", i);
    if (mknod(path, S_IFREG | 0600, 0) != 0) break;
  }
}

/** A program that may be run and not read is one whose process nobody may look into. */
static int runUnreadable(char **words) {
  int from = open("/proc/self/exe", O_RDONLY);
  struct stat stats;
  fstat(from, &stats);
  int to = open("/tmp/unreadable", O_CREAT | O_WRONLY, 0700);
  for (long left = stats.st_size; left > 0;) {
    long n = sendfile(to, from, 0, left);
    if (n <= 0) return 94;
    left -= n;
  }
  fchmod(to, 0111);
  close(to);
  close(from);
  execv("/tmp/unreadable", words);
  return 93;
}

static void act(const char *what, const char *folder) {
  if (strcmp(what, "page-by-page") == 0) pageByPage();
  else if (strcmp(what, "cut-away") == 0) cutAway();
  else if (strcmp(what, "hidden") == 0) hidden();
  else if (strcmp(what, "zero") == 0) {
    hasZero = open("/dev/zero", O_RDWR);
    if (hasZero < 0) exit(95);
    hidden();
  } else if (strcmp(what, "sockets") == 0) sockets(AF_UNIX);
  else if (strcmp(what, "in-flight") == 0) inFlight(folder);
  else if (strcmp(what, "names") == 0) names();
  else if (strcmp(what, "nameless") == 0) nameless(folder);
}

int main(int count, char **words) {
  if (count < 3 || !isInside()) {
    printf("not inside the sandbox\n");
    return 99;
  }
  if (strcmp(words[1], "unreadable") == 0) {
    words[1] = "plain";
    return runUnreadable(words);
  }
  if (strcmp(words[1], "undumpable") == 0) prctl(PR_SET_DUMPABLE, 0);
  act(words[2], count > 3 ? words[3] : "/tmp");
  sleep(30);
  printf("got away\n");
  return 0;
}
