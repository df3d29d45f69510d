#include "check_writes.h"

#include <string.h>

#include "doctor/shared/error_causes.h"
#include "s3/access_point.h"
#include "s3/xml.h"
#include "text/percent.h"

enum { WRITTEN_MAX = 16 };

static const char copy_item[] = "unsigned copy";
static const char part_item[] = "unsigned copy into a part";
static const char headers_item[] = "other unsigned headers";

struct trial {
  check_list *list;
  const bucket_caller *caller;
  text_slice folder;
  text_slice source; /* x-amz-copy-source */
  struct {
    text_slice key, version;
  } written[WRITTEN_MAX]; /* or perhaps */
  size_t written_count;
};

typedef enum verdict {
  TAKEN,
  REFUSED_UNSIGNED, /* since it is not signed */
  REFUSED,          /* to these credentials */
  NOT_KNOWN
} verdict;

static verdict verdict_of(const struct trial *trial, const outgoing_answer *answer) {
  s3_error_reply error;
  if (answer->status >= 200 && answer->status < 300) {
    return TAKEN;
  }
  if (s3_error_reply_read(&error, answer->body, trial->list->arena) &&
      error_tells_headers(&error)) {
    return REFUSED_UNSIGNED;
  }
  return answer->status == 403 || answer->status == 400 ? REFUSED : NOT_KNOWN;
}

/* ---- What is written, and its end ---- */

static text_slice key_of(const struct trial *trial, text_slice name) {
  return WORDS(trial->list->arena, "{}/{}", trial->folder, name);
}

/* Whatever may have been stored is kept in mind: an answer can be lost. */
static outgoing_answer put(struct trial *trial, text_slice name, const text_pair *header,
                           text_slice body) {
  bucket_head head;
  const bucket_object_call call = {
      .method = TEXT_LITERAL("PUT"), .key = key_of(trial, name), .header = header, .body = body};
  const outgoing_answer answer = bucket_call_object(trial->caller, &call, &head);
  const bool surely_not = answer.status >= 300 && answer.status < 500;
  if (!surely_not && trial->written_count < WRITTEN_MAX) {
    trial->written[trial->written_count].key = call.key;
    trial->written[trial->written_count++].version =
        text_arena_copy(trial->list->arena, head.version);
  }
  return answer;
}

static bool is_gone(const outgoing_answer *answer) {
  return (answer->status >= 200 && answer->status < 300) || answer->status == 404;
}

/* False, and the answer, when one could not be deleted. */
static bool delete_all(struct trial *trial, outgoing_answer *refusal) {
  bool all = true;
  for (size_t i = 0; i < trial->written_count; i++) {
    bucket_head head;
    const text_pair version = {TEXT_LITERAL("versionId"), trial->written[i].version};
    const bucket_object_call call = {.method = TEXT_LITERAL("DELETE"),
                                     .key = trial->written[i].key,
                                     .query = &version,
                                     .query_count = version.value.size > 0 ? 1 : 0};
    const outgoing_answer answer = bucket_call_object(trial->caller, &call, &head);
    if (!is_gone(&answer)) {
      all = false;
      *refusal = answer;
    }
  }
  return all;
}

static void tell_left(const struct trial *trial, const outgoing_answer *answer) {
  check_list *list = trial->list;
  const text_slice bucket = trial->caller->endpoint->bucket;
  check_list_change(
      list, "left behind",
      WORDS(list->arena, "the objects under {}/ could not be deleted: the store answered {}",
            trial->folder, check_list_words(list, answer)),
      WORDS(
          list->arena,
          "delete them yourself (aws s3 rm --recursive s3://{}/{}/), or give credentials that may "
          "s3:DeleteObject (and s3:DeleteObjectVersion)",
          bucket, trial->folder));
}

/* ---- Copying ---- */

/* As a caller would name another's object. */
static text_slice source_of(const struct trial *trial) {
  text_arena *arena = trial->list->arena;
  const text_slice bucket = trial->caller->endpoint->bucket;
  text_buffer source = text_arena_open(arena);
  text_buffer_append_string(&source, s3_access_point_is_arn(bucket) ? "" : "/");
  text_buffer_append(&source, bucket);
  text_buffer_append_string(&source, s3_access_point_is_arn(bucket) ? "/object/" : "/");
  text_percent_append_encoded_path(&source, trial->folder);
  text_buffer_append_string(&source, "/source");
  return text_arena_close(arena, &source);
}

static bool may_read(const struct trial *trial) {
  bucket_head head;
  const bucket_object_call call = {.method = TEXT_LITERAL("GET"),
                                   .key = key_of(trial, TEXT_LITERAL("source"))};
  return bucket_call_object(trial->caller, &call, &head).status == 200;
}

static void tell_taken(const struct trial *trial, const char *item) {
  check_list *list = trial->list;
  check_list_change(
      list, item,
      TEXT_LITERAL("the store acts on an x-amz-copy-source that is not signed: who has a signed "
                   "URL can copy whatever the signer may read into an upload of his own"),
      WORDS(list->arena,
            "add to the signer's policy: {\"Effect\":\"Deny\",\"Action\":\"s3:PutObject\","
            "\"Resource\":\"{}/*\",\"Condition\":{\"Null\":{\"s3:x-amz-copy-source\":"
            "\"false\"}}}",
            s3_access_point_is_arn(trial->caller->endpoint->bucket)
                ? WORDS(list->arena, "{}/object", trial->caller->endpoint->bucket)
                : WORDS(list->arena, "arn:aws:s3:::{}", trial->caller->endpoint->bucket)));
}

static void tell_refused(const struct trial *trial, const char *item,
                         const outgoing_answer *answer) {
  check_list *list = trial->list;
  const text_slice words = check_list_words(list, answer);
  if (may_read(trial)) {
    check_list_ok(list, item, WORDS(list->arena, "is refused: the store answered {}", words));
    return;
  }
  check_list_note(list, item,
                  WORDS(list->arena,
                        "is refused to these credentials, which may not read: the store answered "
                        "{}",
                        words),
                  TEXT_LITERAL("what other credentials may is not known; give those that the "
                               "function signs with"));
}

/* `result`: the root of the answer to a copy; a store that does not know the header stores what
 * was sent. */
static void tell_copy(const struct trial *trial, const char *item, const outgoing_answer *answer,
                      const char *result) {
  check_list *list = trial->list;
  const bool copied = answer->body.size > 0 &&
                      memmem(answer->body.data, answer->body.size, result, strlen(result)) != NULL;
  switch (verdict_of(trial, answer)) {
  case TAKEN:
    if (copied) {
      tell_taken(trial, item);
    } else {
      check_list_ok(list, item, TEXT_LITERAL("the store does not act on the header"));
    }
    break;
  case REFUSED_UNSIGNED:
    check_list_ok(list, item,
                  WORDS(list->arena, "is refused, since it is not signed: the store answered {}",
                        check_list_words(list, answer)));
    break;
  case REFUSED:
    tell_refused(trial, item, answer);
    break;
  default:
    check_list_refused(list, item, answer, "");
  }
}

static void try_copy(struct trial *trial) {
  const text_pair source = {TEXT_LITERAL("x-amz-copy-source"), trial->source};
  const outgoing_answer answer = put(trial, TEXT_LITERAL("copy"), &source, (text_slice){NULL, 0});
  tell_copy(trial, copy_item, &answer, "CopyObjectResult");
}

/* Empty when there is none; the answer says why. */
static text_slice create_upload(const struct trial *trial, text_slice key,
                                outgoing_answer *answer) {
  bucket_head head;
  s3_xml xml;
  const text_pair query = {TEXT_LITERAL("uploads"), TEXT_LITERAL("")};
  const bucket_object_call call = {
      .method = TEXT_LITERAL("POST"), .key = key, .query = &query, .query_count = 1};
  *answer = bucket_call_object(trial->caller, &call, &head);
  return answer->status == 200 &&
                 s3_xml_read(&xml, answer->body, NULL, trial->list->arena) == S3_XML_CREATED
             ? xml.upload_id
             : TEXT_LITERAL("");
}

static void abort_upload(const struct trial *trial, text_slice key, text_slice upload_id) {
  bucket_head head;
  check_list *list = trial->list;
  const text_pair query = {TEXT_LITERAL("uploadId"), upload_id};
  const bucket_object_call call = {
      .method = TEXT_LITERAL("DELETE"), .key = key, .query = &query, .query_count = 1};
  const outgoing_answer answer = bucket_call_object(trial->caller, &call, &head);
  if (!is_gone(&answer)) {
    check_list_change(list, "left behind",
                      WORDS(list->arena,
                            "the multipart upload of {} could not be aborted: the store answered "
                            "{}",
                            key, check_list_words(list, &answer)),
                      TEXT_LITERAL("a lifecycle rule for incomplete uploads ends it; "
                                   "s3:AbortMultipartUpload lets it be done here"));
  }
}

static void try_part(struct trial *trial) {
  bucket_head head;
  outgoing_answer answer;
  const text_slice key = key_of(trial, TEXT_LITERAL("parts"));
  const text_slice upload_id = create_upload(trial, key, &answer);
  if (upload_id.size == 0) {
    check_list_refused(trial->list, part_item, &answer, "s3:PutObject");
    return;
  }
  const text_pair source = {TEXT_LITERAL("x-amz-copy-source"), trial->source};
  const text_pair query[] = {{TEXT_LITERAL("partNumber"), TEXT_LITERAL("1")},
                             {TEXT_LITERAL("uploadId"), upload_id}};
  const bucket_object_call call = {.method = TEXT_LITERAL("PUT"),
                                   .key = key,
                                   .query = query,
                                   .query_count = sizeof query / sizeof query[0],
                                   .header = &source};
  answer = bucket_call_object(trial->caller, &call, &head);
  tell_copy(trial, part_item, &answer, "CopyPartResult");
  abort_upload(trial, key, upload_id);
}

/* ---- Other headers ---- */

/* With values that do no harm: to lock an object would keep it from being deleted, so what asks for
 * that asks for a mode that there is not, and a store that acts on it complains of the mode. */
static const struct probe {
  text_pair header;
  bool locks;
} probes[] = {
    {{TEXT_INITIALIZER("x-amz-tagging"), TEXT_INITIALIZER("countersign-doctor=1")}, false},
    {{TEXT_INITIALIZER("x-amz-storage-class"), TEXT_INITIALIZER("STANDARD")}, false},
    {{TEXT_INITIALIZER("x-amz-acl"), TEXT_INITIALIZER("private")}, false},
    {{TEXT_INITIALIZER("x-amz-website-redirect-location"), TEXT_INITIALIZER("/")}, false},
    {{TEXT_INITIALIZER("x-amz-server-side-encryption"), TEXT_INITIALIZER("AES256")}, false},
    {{TEXT_INITIALIZER("x-amz-meta-countersign-doctor"), TEXT_INITIALIZER("1")}, false},
    {{TEXT_INITIALIZER("x-amz-object-lock-legal-hold"), TEXT_INITIALIZER("countersign-doctor")},
     true},
};

static bool acts_on(struct trial *trial, const struct probe *probe, bool *known) {
  const outgoing_answer answer =
      put(trial, probe->header.name, &probe->header, TEXT_LITERAL("countersign-doctor"));
  const verdict found = verdict_of(trial, &answer);
  *known = *known && answer.status != 0 && (answer.status < 500 || answer.status == 501);
  return probe->locks ? found == REFUSED && answer.status == 400 : found == TAKEN;
}

static void try_headers(struct trial *trial, bucket_lock lock) {
  check_list *list = trial->list;
  text_slice taken = TEXT_LITERAL("");
  bool known = true;
  for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
    const bool wanted = !probes[i].locks || lock == LOCK_ON_REQUEST;
    if (wanted && acts_on(trial, &probes[i], &known)) {
      taken = WORDS(list->arena, "{}{}{}", taken,
                    taken.size > 0 ? TEXT_LITERAL(", ") : TEXT_LITERAL(""), probes[i].header.name);
    }
  }
  if (taken.size > 0) {
    check_list_note(
        list, headers_item,
        WORDS(list->arena, "the store takes these though they are not signed: {}", taken),
        TEXT_LITERAL("who has a signed URL can send them with an upload; a policy can "
                     "deny some of them: docs/security.md"));
  } else if (known) {
    check_list_ok(list, headers_item, TEXT_LITERAL("none is taken"));
  } else {
    check_list_unknown(list, headers_item, TEXT_LITERAL("the store did not answer as it should"));
  }
}

static void try_all(struct trial *trial, bucket_lock lock) {
  const outgoing_answer answer =
      put(trial, TEXT_LITERAL("source"), NULL, TEXT_LITERAL("countersign-doctor"));
  if (answer.status < 200 || answer.status >= 300) {
    check_list_refused(trial->list, copy_item, &answer, "s3:PutObject");
    return;
  }
  trial->source = source_of(trial);
  try_copy(trial);
  try_part(trial);
  try_headers(trial, lock);
}

void check_writes(check_list *list, const bucket_caller *caller, text_slice folder,
                  bucket_lock lock) {
  struct trial trial = {.list = list, .caller = caller, .folder = folder};
  outgoing_answer refusal = {0};
  if (lock == LOCK_ALL) {
    check_list_unknown(list, copy_item,
                       TEXT_LITERAL("the bucket locks all that is written: it could not be "
                                    "deleted again"));
    return;
  }
  try_all(&trial, lock);
  if (!delete_all(&trial, &refusal)) {
    tell_left(&trial, &refusal);
  }
}
