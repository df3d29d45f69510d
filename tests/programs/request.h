/* What the programs that the tests compare with botocore read from a line of JSON. */
#ifndef TESTS_PROGRAMS_REQUEST_H
#define TESTS_PROGRAMS_REQUEST_H

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "s3/endpoint.h"
#include "s3/signer.h"

enum { LINE_MAX_BYTES = 256 * 1024 };

/* Appends what is said to a request. */
typedef void answer_request(const cJSON *request, text_arena *arena, text_buffer *out);

/* A line on standard output for each on standard input; the program's exit status. */
static inline int answer_each_line(answer_request *answer) {
  static char line[LINE_MAX_BYTES];
  static char out_storage[LINE_MAX_BYTES];
  static char memory[LINE_MAX_BYTES];
  while (fgets(line, sizeof line, stdin) != NULL) {
    cJSON *request = cJSON_Parse(line);
    if (request == NULL) {
      return EXIT_FAILURE;
    }
    text_arena arena;
    text_buffer out;
    text_arena_init(&arena, memory, sizeof memory);
    text_buffer_init(&out, out_storage, sizeof out_storage);
    answer(request, &arena, &out);
    printf("%.*s\n", (int)out.size, out.data);
    cJSON_Delete(request);
  }
  return EXIT_SUCCESS;
}

static inline text_slice text_of(const cJSON *object, const char *name) {
  return text_slice_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static inline bool flag_of(const cJSON *object, const char *name) {
  return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static inline int64_t number_of(const cJSON *object, const char *name) {
  return (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* The members of the object `name`, in their order. */
static inline size_t pairs_of(const cJSON *object, const char *name, text_pair *pairs, size_t max) {
  size_t count = 0;
  const cJSON *item;
  cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, name)) {
    if (count < max) {
      pairs[count++] =
          (text_pair){text_slice_of(item->string), text_slice_of(cJSON_GetStringValue(item))};
    }
  }
  return count;
}

/* Where the request goes, and who signs it. */
static inline s3_status place_and_signer_of(const cJSON *request, s3_endpoint *endpoint,
                                            s3_signer *signer, text_arena *arena) {
  const s3_endpoint_options where = {
      .region = text_of(request, "region"),
      .bucket = text_of(request, "bucket"),
      .url = text_of(request, "endpoint_url"),
      .addressing = (s3_addressing)number_of(request, "addressing"),
      .dualstack = flag_of(request, "dualstack"),
      .accelerate = flag_of(request, "accelerate"),
      .fips = flag_of(request, "fips"),
  };
  const s3_credentials credentials = {text_of(request, "access_key_id"),
                                      text_of(request, "secret_access_key"),
                                      text_of(request, "session_token")};
  const s3_status status = s3_endpoint_init(endpoint, &where, arena);
  if (status != S3_OK) {
    return status;
  }
  return s3_signer_init(signer, &credentials, endpoint->region, arena) ? S3_OK : S3_NO_ROOM;
}

#endif
