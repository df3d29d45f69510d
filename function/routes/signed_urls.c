#include "signed_urls.h"

#include "function/admission/json_body.h"
#include "function/admission/key.h"
#include "s3/hash.h"
#include "signed_upload.h"

/* An answer has 30 kB at most, with the longest of tokens, keys and metadata. As a text in the
 * event's reply, of 6 MiB at most, it has twice that at most. */
enum {
  FILES_MAX = 100,
  REPLY_MAX_BYTES = 3 * 1024 * 1024,
  ASKING_MAX_MS = 25 * 1000 /* API Gateway waits for 29 s */
};

struct batch {
  const cJSON *files;
  bool by_form;
};

/* ---- What is asked for -------------------------------------------------------- */

static http_error read_batch(const function_call *call, struct batch *batch) {
  const cJSON *body = NULL;
  const http_error error =
      json_body_read(&body, call->request, "{\"files\":[" UPLOAD_REQUEST_EXAMPLE "]}", call->arena);
  if (error.status != 0) {
    return error;
  }
  batch->files = http_json_member(body, "files");
  const int count = cJSON_IsArray(batch->files) ? cJSON_GetArraySize(batch->files) : 0;
  if (count < 1 || count > FILES_MAX) {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "files must be a list of 1 to %d objects such as %s", (int)FILES_MAX,
                           UPLOAD_REQUEST_EXAMPLE);
  }
  const cJSON *form = http_json_member(body, "form");
  batch->by_form = cJSON_IsTrue(form) && upload_form_is_on(call);
  return form == NULL || cJSON_IsNull(form) || cJSON_IsBool(form)
             ? error
             : http_error_make(call->arena, 400, "InvalidParameter", "form must be true or false");
}

/* ---- Each file ---------------------------------------------------------------- */

/* An app that gave no answer once is asked no more: a silent one would take the time of all. */
struct asking {
  const outgoing_transport *app;
  bool is_silent;
};

static outgoing_answer ask_unless_silent(void *context, const outgoing_request *request,
                                         text_arena *arena) {
  struct asking *asking = context;
  outgoing_answer answer = {0};
  if (!asking->is_silent) {
    answer = asking->app->send(asking->app->context, request, arena);
    asking->is_silent = answer.status == 0;
  }
  return answer;
}

/* What no form can hold goes by a PUT, where that holds the cap as well. */
static http_error grant(const function_call *call, upload_request *request, bool by_form,
                        signed_upload *granted) {
  const http_error error = signed_upload_grant(granted, call, request, by_form);
  const admitted_upload *upload = &granted->upload;
  return error.status == 400 && granted->is_form &&
                 (upload->size_bytes >= 0 || upload->rules->max_bytes == 0)
             ? signed_upload_sign(granted, call, false)
             : error;
}

static void append_file(text_buffer *body, const function_call *call, const cJSON *file,
                        bool by_form) {
  upload_request request;
  signed_upload granted;
  granted.is_form = false;
  http_error error = cJSON_IsObject(file)
                         ? upload_request_from_object(&request, file, call->arena)
                         : http_error_make(call->arena, 400, "InvalidBody",
                                           "each of files must be a JSON object such as %s",
                                           UPLOAD_REQUEST_EXAMPLE);
  if (error.status == 0) {
    error = grant(call, &request, by_form, &granted);
  }
  if (error.status == 0) {
    signed_upload_append(body, call, &granted);
    return;
  }
  text_buffer_append_string(body, "{\"status\":");
  text_buffer_append_decimal(body, error.status);
  text_buffer_append_byte(body, ',');
  http_error_append_members(body, &error, call->request_id);
  text_buffer_append_byte(body, '}');
}

/* ---- All of them -------------------------------------------------------------- */

/* When the app is asked no more, of whatever file. */
static int64_t end_of_asking_ms(const function_call *call) {
  const int64_t latest_ms = call->time_seconds * 1000 + ASKING_MAX_MS;
  return call->deadline_ms > 0 && call->deadline_ms < latest_ms ? call->deadline_ms : latest_ms;
}

/* Each file has a call of its own: by an id that nobody finds out from another's, and with memory
 * that the next one gets again. */
static void append_files(text_buffer *body, const function_call *call, const struct batch *batch,
                         text_arena *memory) {
  uint8_t id[S3_HASH_BYTES];
  uint8_t number = 0;
  s3_hmac_key ids;
  struct asking asking = {.app = call->app};
  const outgoing_transport app = {ask_unless_silent, &asking};
  function_call own = *call;
  own.id = id;
  own.arena = memory;
  own.app = call->app != NULL ? &app : NULL;
  own.deadline_ms = end_of_asking_ms(call);
  s3_hmac_key_init(&ids, (text_slice){(const char *)call->id, KEY_ID_BYTES});
  for (const cJSON *file = batch->files->child; file != NULL; file = file->next, number++) {
    s3_hmac(&ids, (text_slice){(const char *)&number, sizeof number}, id);
    append_file(body, &own, file, batch->by_form);
    text_buffer_append_string(body, file->next != NULL ? "," : "");
    text_arena_reset(memory);
  }
}

http_error signed_urls_post(const function_call *call, http_reply *reply) {
  struct batch batch = {0};
  text_arena memory;
  const http_error error = read_batch(call, &batch);
  if (error.status != 0) {
    return error;
  }
  const size_t half_bytes = (call->arena->size_bytes - call->arena->used_bytes) / 2;
  text_arena_init(&memory, text_arena_allocate(call->arena, half_bytes), half_bytes);
  text_buffer body = text_arena_open(call->arena);
  body.capacity = body.capacity < REPLY_MAX_BYTES ? body.capacity : REPLY_MAX_BYTES;
  text_buffer_append_string(&body, "{\"files\":[");
  append_files(&body, call, &batch, &memory);
  text_buffer_append_string(&body, "]}");
  const text_slice text = text_arena_close(call->arena, &body);
  if (text.data == NULL) {
    return http_error_make(call->arena, 500, "OutOfMemory",
                           "there is no room for the reply: ask for fewer files");
  }
  http_reply_set_json(reply, 200, text);
  return error;
}
