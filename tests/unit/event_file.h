/* The sample events of events/, read from the repository's root. */
#ifndef TESTS_UNIT_EVENT_FILE_H
#define TESTS_UNIT_EVENT_FILE_H

#include <stdio.h>

#include "support.h"

/* The content of events/`name`; valid until the next call. */
static inline text_slice event_file(const char *name) {
  static char content[64 * 1024];
  char path[256];
  (void)snprintf(path, sizeof path, "events/%s", name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fail_msg("%s can't be read: run the tests from the repository's root", path);
  }
  const size_t size = fread(content, 1, sizeof content, file);
  (void)fclose(file);
  CHECK(path, size > 0 && size < sizeof content);
  return guarded((text_slice){content, size});
}

#endif
