/* What the app answers when it is asked: untrusted bytes until they are read here.
 *
 * {"allow":true} lets the upload in, and may have max_bytes, types, expires_seconds (narrowing.h),
 * metadata (an object, as a client's), tags (an object of texts) and key. A null is none.
 * {"allow":false,"message":"..."} refuses it.
 */
#ifndef FUNCTION_APP_ANSWER_H
#define FUNCTION_APP_ANSWER_H

#include "function/config/upload_config.h"
#include "metadata.h"

/* Of the body. */
enum { APP_ANSWER_MAX_BYTES = 64 * 1024 };

/* What it changes: the caller's own copies. */
typedef struct app_answer_target {
  upload_rules *rules;
  upload_metadata *metadata;
} app_answer_target;

typedef struct app_answer {
  bool is_allowed;
  text_slice message; /* of a refusal, for the client */
  text_slice key;     /* the object's key; empty: the one that it was told */
} app_answer;

/* Reads an answer. `key_start` is what each key begins with. Null, or what has no meaning in it,
 * for the log: then the upload must not be signed, and the target is to be thrown away. What is
 * kept lives in `arena`. */
const char *app_answer_read(app_answer *answer, const app_answer_target *target, text_slice body,
                            text_slice key_start, text_arena *arena);

#endif
