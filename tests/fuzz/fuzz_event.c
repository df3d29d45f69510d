/* An event, and the whole function's reply to it. */
#include "function/function.h"
#include "http/json_tree.h"
#include "support.h"
#include "tests/unit/function/environment.h"
#include "text/utf8.h"

static const text_slice secret = {SAMPLE_SECRET, sizeof SAMPLE_SECRET - 1};

#define SEAL_SECRET "0123456789abcdef0123456789abcdef"
#define CREATED                                             \
  "<InitiateMultipartUploadResult><UploadId>u-1</UploadId>" \
  "</InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"
#define LISTED                                                                           \
  "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>7</Size></Part>" \
  "</ListPartsResult>"

#define ALLOWED                                                                          \
  "{\"allow\":true,\"max_bytes\":900,\"metadata\":{\"a\":\"b\"},\"tags\":{\"c\":\"d\"}," \
  "\"expires_seconds\":200}"

enum { ARENA_BYTES = 4 * 1024 * 1024, OUT_BYTES = 512 * 1024, FUNCTIONS = 3 };

static upload_config configs[FUNCTIONS];
static upload_function functions[FUNCTIONS];

static void start(size_t which) {
  static alignas(16) char memory[FUNCTIONS][32 * 1024];
  text_arena arena;
  text_arena_init(&arena, memory[which], sizeof memory[which]);
  MUST(environment_read(&configs[which], &arena) == NULL);
  MUST(function_init(&functions[which], &configs[which], &arena));
}

/* One with the defaults, one that refuses more and signs more, and one whose app has its say. */
static void start_all(void) {
  environment_reset();
  environment_set("UPLOAD_SEAL_SECRET", SEAL_SECRET); /* the corpus has what it sealed */
  start(0);
  environment_set("AWS_SESSION_TOKEN", "a/token+==");
  environment_set("UPLOAD_KEY", "{claim:sub}/{date}/.{name}");
  environment_set("UPLOAD_DOWNLOADS", "on");
  environment_set("UPLOAD_FORM", "put");
  environment_set("UPLOAD_MAX_BYTES", "1000");
  environment_set("UPLOAD_TYPES", "image/*,text/plain");
  environment_set("UPLOAD_ORIGINS", "https://*.example.com");
  environment_set("UPLOAD_OVERWRITE", "deny");
  environment_set("UPLOAD_DOWNLOADS", "on");
  start(1);
  environment_set("UPLOAD_KEY", NULL);
  environment_set("UPLOAD_ORIGINS", NULL);
  environment_set("UPLOAD_PROFILES",
                  "{\"a\":{\"types\":\"*/*\",\"overwrite\":\"allow\",\"form\":\"post\"},\"b\":{}}");
  environment_set("UPLOAD_ASK_URL", "https://app.example.com/ask");
  environment_set("UPLOAD_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  environment_set("UPLOAD_RECEIPT_SECRET", SEAL_SECRET);
  start(2);
}

/* A store that does all that it is asked. */
static outgoing_answer do_all(void *context, const outgoing_request *request, text_arena *arena) {
  static const text_slice created = {CREATED, sizeof CREATED - 1};
  static const text_slice listed = {LISTED, sizeof LISTED - 1};
  static const text_slice completed = {COMPLETED, sizeof COMPLETED - 1};
  (void)context;
  (void)arena;
  check_signed_url(request->url, configs[0].endpoint.origin);
  if (request->on_head_line != NULL) {
    request->on_head_line(request->head_context, TEXT_LITERAL("HTTP/1.1 200 OK"));
    request->on_head_line(request->head_context, TEXT_LITERAL("Content-Length: 7"));
    request->on_head_line(request->head_context, TEXT_LITERAL("ETag: \"e\""));
  }
  outgoing_answer answer = {.status = 200, .body = completed};
  if (contains(request->url, TEXT_LITERAL("?uploads=&"))) {
    answer.body = created;
  } else if (text_slice_equal(request->method, TEXT_LITERAL("GET"))) {
    answer.body = listed;
  }
  return answer;
}

/* An app that lets all in, by less. */
static outgoing_answer allow_all(void *context, const outgoing_request *request,
                                 text_arena *arena) {
  static const text_slice allowed = {ALLOWED, sizeof ALLOWED - 1};
  (void)context;
  MUST(cJSON_IsObject(http_json_parse(request->body, arena)));
  return (outgoing_answer){.status = 200, .body = allowed};
}

static void check_key(text_slice key) {
  MUST(key.data == NULL || (key.size > 0 && key.size <= 1024 && text_utf8_is_valid(key)));
}

static void check_error(const cJSON *error) {
  static const char *const members[] = {"message", "error", "code", "requestId"};
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    MUST(http_json_text(http_json_member(error, members[i])).size > 0);
  }
}

/* Each URL that is handed out is a signed one, or the address that a form goes to. */
static void check_grant(const cJSON *body, const upload_config *config) {
  const cJSON *url = http_json_member(body, "url");
  const cJSON *expires_in = http_json_member(body, "expires_in");
  check_key(http_json_text(http_json_member(body, "key")));
  MUST(expires_in == NULL || (expires_in->valuedouble >= 1 && expires_in->valuedouble <= 300));
  if (cJSON_GetArraySize(http_json_member(body, "fields")) > 0) {
    MUST(text_slice_starts_with(http_json_text(url), config->endpoint.origin));
  } else if (url != NULL) {
    check_signed_url(http_json_text(url), config->endpoint.origin);
  }
}

/* Nothing that a client sends is answered with 500, but what an authorizer says may be. */
static bool is_documented(int status, text_slice out) {
  static const int statuses[] = {200, 204, 400, 403, 404, 405, 409, 413, 415, 501};
  if (status == 500) {
    return contains(out, TEXT_LITERAL("AuthorizerInvalid"));
  }
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    if (statuses[i] == status) {
      return true;
    }
  }
  return false;
}

static void check_answer(const cJSON *body, const upload_config *config, text_slice out) {
  const cJSON *file = NULL;
  MUST(cJSON_IsObject(body) || cJSON_IsArray(body));
  check_grant(body, config);
  cJSON_ArrayForEach(file, http_json_member(body, "files")) {
    const cJSON *status = http_json_member(file, "status");
    if (status != NULL) {
      MUST(is_documented(status->valueint, out));
      check_error(file);
    } else {
      MUST(http_json_member(file, "url") != NULL);
      check_grant(file, config);
    }
  }
}

static void check_reply(text_slice out, const upload_config *config) {
  static alignas(16) char memory[ARENA_BYTES];
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  MUST(text_utf8_is_valid(out));
  const cJSON *reply = http_json_parse(out, &arena);
  const cJSON *status = http_json_member(reply, "statusCode");
  MUST(cJSON_IsNumber(status));
  MUST(is_documented(status->valueint, out));
  const text_slice body = http_json_text(http_json_member(reply, "body"));
  if (status->valueint == 200) {
    check_answer(http_json_parse(body, &arena), config, out);
  } else if (status->valueint == 204) {
    MUST(body.size == 0);
  } else {
    check_error(http_json_parse(body, &arena));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[ARENA_BYTES];
  static char out_storage[OUT_BYTES];
  static bool started;
  if (!started) {
    start_all();
    started = true;
  }
  static const outgoing_transport transport = {do_all, NULL};
  static const outgoing_transport app = {allow_all, NULL};
  const function_inputs inputs = {.event = input_of(data, size),
                                  .request_id = TEXT_LITERAL("id-1"),
                                  .time_seconds = 1774958400,
                                  .transport = &transport,
                                  .app = &app,
                                  .id = {0xAB}};
  for (size_t i = 0; i < FUNCTIONS; i++) {
    text_arena arena;
    text_buffer out;
    text_arena_init(&arena, memory, sizeof memory);
    text_buffer_init(&out, out_storage, sizeof out_storage);
    const char *problem = function_handle(&functions[i], &inputs, &arena, &out);
    if (problem != NULL) {
      MUST(problem[0] != '\0' && out.size == 0);
    } else if (!out.overflowed) {
      /* The fuzzer learns the secret from this very search, and sends it. */
      MUST(contains(inputs.event, secret) || !contains(text_buffer_slice(&out), secret));
      check_reply(text_buffer_slice(&out), &configs[i]);
    }
  }
  return 0;
}
