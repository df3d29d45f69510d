/* Small files, whole. */
#ifndef DOCTOR_FILE_H
#define DOCTOR_FILE_H

#include "text/arena.h"

enum { FILE_MAX_BYTES = 1024 * 1024 };

/* Reads the file, or standard input where `path` is "-", into the arena. False, with errno set,
 * when it can't be read or is larger than FILE_MAX_BYTES (EFBIG). */
bool file_read(const char *path, text_slice *content, text_arena *arena);

#endif
