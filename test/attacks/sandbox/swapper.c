// Swaps two names, a folder and a link, as fast as asked (a pause in microseconds), the way another program with a right to their parent
// would: at no moment is either missing. Ends with its input, or after a bounded number of rounds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 4) return 2;
  int pause = atoi(words[3]);
  struct pollfd input = {0, POLLIN | POLLHUP, 0};
  for (long round = 0; round < 4000000; round++) {
    if (renameat2(AT_FDCWD, words[1], AT_FDCWD, words[2], RENAME_EXCHANGE) != 0) return 1;
    if (pause > 0) usleep(pause);
    if ((pause > 0 || round % 64 == 0) && poll(&input, 1, 0) > 0) return 0;
  }
  return 0;
}
