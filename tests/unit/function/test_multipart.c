/* Multipart uploads by the whole function, with a store that only says what a test
 * wants: the routes, and what is asked of the store. tests/service has the rest. */
#include "started.h"

enum { TIME_SECONDS = 1774958400, ANSWERS_MAX = 4 };

#define SECRET "0123456789abcdef0123456789abcdef"
#define KEY "uploads/ab000000000000000000000000000000/a%20b.mp4"

static void start_with_secret(void) {
  environment_reset();
  environment_set("UPLOAD_SEAL_SECRET", SECRET);
  start();
}

/* ---- The store --------------------------------------------------------------- */

static struct {
  outgoing_answer answers[ANSWERS_MAX];
  size_t asked;
  char methods[64]; /* of the requests, with a space behind each */
  bool all_repeatable;
  int64_t deadline_ms;
} store;

static outgoing_answer answer_as_told(void *context, const outgoing_request *request,
                                      text_arena *arena) {
  (void)context;
  (void)arena;
  assert_true(store.asked < ANSWERS_MAX);
  (void)strncat(store.methods, request->method.data, request->method.size);
  (void)strcat(store.methods, " ");
  store.all_repeatable &= request->repeatable;
  store.deadline_ms = request->deadline_ms;
  assert_true(text_slice_starts_with(request->url, config.endpoint.origin));
  return store.answers[store.asked++];
}

static const outgoing_transport transport = {answer_as_told, NULL};

static void store_says(int status, const char *body) {
  memset(&store, 0, sizeof store);
  store.all_repeatable = true;
  for (size_t i = 0; i < ANSWERS_MAX; i++) {
    store.answers[i] = (outgoing_answer){.status = status, .body = text_slice_of(body)};
  }
}

#define CREATED                                             \
  "<InitiateMultipartUploadResult><UploadId>u-1</UploadId>" \
  "</InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
#define LISTED                                                                               \
  "<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>e" \
  "</ETag><Size>7</Size></Part></ListPartsResult>"

/* ---- Requests ----------------------------------------------------------------- */

static text_slice handle_in(const char *event, text_arena *arena) {
  static char storage[64 * 1024];
  text_buffer out;
  const function_inputs inputs = {.event = guarded_string(event),
                                  .request_id = TEXT_LITERAL("id-1"),
                                  .time_seconds = TIME_SECONDS,
                                  .deadline_ms = 1774958410000,
                                  .transport = &transport,
                                  .id = {0xAB}};
  text_buffer_init(&out, storage, sizeof storage);
  const char *problem = function_handle(&function, &inputs, arena, &out);
  return problem == NULL && !out.overflowed ? text_buffer_slice(&out) : (text_slice){NULL, 0};
}

static const char *token(void) {
  static char storage[1024];
  static const sealed_upload upload = {.upload_id = SLICE("u-1"),
                                       .expires_at = TIME_SECONDS + 1,
                                       .size_bytes = -1,
                                       .expires_seconds = 300};
  static const seal_subject subject = {
      SLICE(""), SLICE("uploads/ab000000000000000000000000000000/a b.mp4"), SLICE(""), SLICE("")};
  static const config_secrets secrets = {{SLICE(SECRET)}, 1};
  secret_keys seal;
  text_buffer buffer;
  seal_keys_init(&seal, &secrets);
  text_buffer_init(&buffer, storage, sizeof storage);
  seal_append(&seal, &subject, &upload, &buffer);
  text_buffer_append_byte(&buffer, '\0');
  assert_false(buffer.overflowed);
  return storage;
}

/* An event; "$" in the path stands for the token. */
static const char *event_of(const char *method, const char *path, const char *query,
                            const char *body) {
  static char storage[8192];
  const char *mark = strchr(path, '$');
  const int before = mark != NULL ? (int)(mark - path) : (int)strlen(path);
  const int size = snprintf(
      storage, sizeof storage,
      "{\"rawPath\":\"%.*s%s%s\",\"rawQueryString\":\"%s\",\"headers\":{\"content-type\":"
      "\"application/json\"},\"body\":\"%s\",\"requestContext\":{\"http\":{\"method\":"
      "\"%s\"}}}",
      before, path, mark != NULL ? token() : "", mark != NULL ? mark + 1 : "", query, body, method);
  assert_true(size > 0 && (size_t)size < sizeof storage);
  return storage;
}

#define NAMED "{\\\"filename\\\":\\\"a b.mp4\\\",\\\"type\\\":\\\"video/mp4\\\"}"
#define PARTS "{\\\"parts\\\":[{\\\"PartNumber\\\":1,\\\"ETag\\\":\\\"\\\\\\\"e\\\\\\\"\\\"}]}"

static const struct row {
  const char *name, *method, *path, *query, *body;
  int store_status;
  const char *store_says;
  const char *asked; /* the methods of the requests to the store */
  bool repeatable;
  const char *status; /* of the reply, and a part of it */
  const char *has;
} rows[] = {
    {"create", "POST", "/s3/multipart", "", NAMED, 200, CREATED, "POST ", false, "200",
     "{\\\"key\\\":\\\"uploads/ab000000000000000000000000000000/a b.mp4\\\",\\\"uploadId\\\":"},
    {"create under a mount", "POST", "/prod/up//s3/multipart", "", NAMED, 200, CREATED, "POST ",
     false, "200", "\\\"bucket\\\":\\\"my-bucket\\\"}"},
    {"sign", "GET", "/s3/multipart/$/7", "key=" KEY, "", 0, "", "", true, "200",
     "?uploadId=u-1&partNumber=7&X-Amz-Algorithm"},
    {"sign with a plus in the key", "GET", "/x/s3/multipart/$/7",
     "key=uploads/ab000000000000000000000000000000/a+b.mp4", "", 0, "", "", true, "200",
     "\\\"expires\\\":300}"},
    {"sign with an encoded id", "GET", "/s3/multipart/%41$/7", "key=" KEY, "", 0, "", "", true,
     "403", "InvalidUploadId"},
    {"batch", "GET", "/s3/multipart/$/batch", "partNumbers=1,2&key=" KEY, "", 0, "", "", true,
     "200", "{\\\"presignedUrls\\\":{\\\"1\\\":\\\"https://"},
    {"list", "GET", "/s3/multipart/$", "key=" KEY, "", 200, LISTED, "GET ", true, "200",
     "[{\\\"PartNumber\\\":1,\\\"ETag\\\":\\\"e\\\",\\\"Size\\\":7}]"},
    {"complete", "POST", "/s3/multipart/$/complete", "key=" KEY, PARTS, 200, COMPLETED, "POST ",
     false, "200",
     "{\\\"location\\\":\\\"https://my-bucket.s3.eu-west-1.amazonaws.com/" KEY "\\\""},
    {"complete that fails", "POST", "/s3/multipart/$/complete", "key=" KEY, PARTS, 200,
     "<Error><Code>EntityTooSmall</Code></Error>", "POST ", false, "400", "EntityTooSmall"},
    {"complete that fails twice", "POST", "/s3/multipart/$/complete", "key=" KEY, PARTS, 500,
     "<Error><Code>InternalError</Code></Error>", "POST POST GET HEAD ", false, "502",
     "InternalError"},
    {"abort of what was joined", "DELETE", "/s3/multipart/$", "key=" KEY, "", 200, "",
     "DELETE GET ", true, "409", "UploadCompleted"},
    {"abort of what is gone", "DELETE", "/s3/multipart/$", "key=" KEY, "", 404,
     "<Error><Code>NoSuchUpload</Code></Error>", "DELETE GET HEAD ", true, "200",
     "\"body\":\"{}\""},
    {"no store", "GET", "/s3/multipart/$", "key=" KEY, "", 0, "", "GET ", true, "502",
     "StoreUnreachable"},
    {"credentials", "GET", "/s3/sts", "", "", 0, "", "", true, "403", "NoCredentials"},
    {"no upload id", "GET", "/s3/multipart/", "key=" KEY, "", 0, "", "", true, "404", "NotFound"},
    {"another method", "PUT", "/s3/multipart/$", "key=" KEY, "", 0, "", "", true, "405",
     "\"Allow\":\"GET, DELETE, OPTIONS\""},
    {"another end", "POST", "/s3/multipart/$/batch", "key=" KEY, "", 0, "", "", true, "405",
     "\"Allow\":\"GET, OPTIONS\""},
    {"not all of the path", "GET", "/multipart/$/1", "key=" KEY, "", 0, "", "", true, "404",
     "NotFound"},
};

static void check_reply(const struct row *row, text_slice reply) {
  char status[32];
  (void)snprintf(status, sizeof status, "{\"statusCode\":%s,", row->status);
  if (!text_slice_starts_with(reply, text_slice_of(status)) ||
      memmem(reply.data, reply.size, row->has, strlen(row->has)) == NULL) {
    fail_msg("%s: %.*s", row->name, (int)reply.size, reply.size > 0 ? reply.data : "");
  }
}

TEST(answers_each_route) {
  start_with_secret();
  for (size_t i = 0; i < COUNT(rows); i++) {
    const struct row *row = &rows[i];
    store_says(row->store_status, row->store_says);
    check_reply(row,
                handle_in(event_of(row->method, row->path, row->query, row->body), large_arena()));
    CHECK_TEXT(row->name, text_slice_of(store.methods), row->asked);
    CHECK_NUMBER(row->name, store.all_repeatable, row->repeatable);
    CHECK_NUMBER(row->name, store.deadline_ms, store.asked > 0 ? 1774958410000 : 0);
  }
}

TEST(holds_the_cap) {
  start_with_secret();
  environment_set("UPLOAD_MAX_BYTES", "6");
  start();
  static const struct row over = {.name = "over", .status = "413", .has = "at most 6 bytes"};
  store_says(200, LISTED);
  store.answers[1] = (outgoing_answer){.status = 204};
  check_reply(&over, handle_in(event_of("POST", "/s3/multipart/$/complete", "key=" KEY, PARTS),
                               large_arena()));
  CHECK_TEXT("asked", text_slice_of(store.methods), "GET DELETE ");
  environment_set("UPLOAD_MAX_BYTES", "7");
  start();
  static const struct row at = {.name = "at", .status = "200", .has = "location"};
  store_says(200, LISTED);
  store.answers[1] = (outgoing_answer){.status = 200, .body = TEXT_LITERAL(COMPLETED)};
  check_reply(&at, handle_in(event_of("POST", "/s3/multipart/$/complete", "key=" KEY, PARTS),
                             large_arena()));
  CHECK_TEXT("asked", text_slice_of(store.methods), "GET POST ");
}

TEST(is_off_without_a_secret) {
  static const struct row off = {.name = "off", .status = "501", .has = "UPLOAD_SEAL_SECRET"};
  environment_reset();
  start();
  for (size_t i = 0; i < 10; i++) {
    store_says(200, CREATED);
    check_reply(&off, handle_in(event_of(rows[i].method, rows[i].path, rows[i].query, rows[i].body),
                                large_arena()));
    CHECK_NUMBER(rows[i].name, store.asked, 0);
  }
}

/* However little memory there is: a whole reply, or the word that there is none. */
TEST(never_answers_in_part) {
  enum { MOST_BYTES = 600 * 1024, STEP_BYTES = 4096 };
  start_with_secret();
  for (size_t i = 0; i < COUNT(rows); i++) {
    const struct row *row = &rows[i];
    const char *event = event_of(row->method, row->path, row->query, row->body);
    size_t answered = 0;
    for (size_t size = 0; size < MOST_BYTES; size += STEP_BYTES) {
      store_says(row->store_status, row->store_says);
      const text_slice reply = handle_in(event, arena_of(size));
      CHECK(row->name, reply.size == 0 || text_slice_ends_with(
                                              reply, TEXT_LITERAL(",\"isBase64Encoded\":false}")));
      answered += reply.size > 0;
    }
    CHECK(row->name, answered > 10);
  }
}

RUN_TESTS(cmocka_unit_test(answers_each_route), cmocka_unit_test(holds_the_cap),
          cmocka_unit_test(is_off_without_a_secret), cmocka_unit_test(never_answers_in_part))
