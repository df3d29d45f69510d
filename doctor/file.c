#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool read_all(int descriptor, text_slice *content, text_arena *arena) {
  char *memory = text_arena_allocate(arena, FILE_MAX_BYTES + 1);
  size_t size = 0;
  ssize_t got = memory != NULL ? 1 : -1;
  while (got > 0 && size <= FILE_MAX_BYTES) {
    got = read(descriptor, memory + size, FILE_MAX_BYTES + 1 - size);
    size += got > 0 ? (size_t)got : 0;
    got = got < 0 && errno == EINTR ? 1 : got;
  }
  *content = (text_slice){memory, size};
  if (size > FILE_MAX_BYTES) {
    errno = EFBIG;
  }
  return got >= 0 && size <= FILE_MAX_BYTES;
}

bool file_read(const char *path, text_slice *content, text_arena *arena) {
  if (strcmp(path, "-") == 0) {
    return read_all(STDIN_FILENO, content, arena);
  }
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  const bool read = read_all(descriptor, content, arena);
  const int error = errno;
  (void)close(descriptor);
  errno = error;
  return read;
}
