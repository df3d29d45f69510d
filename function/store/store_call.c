#include "store_call.h"

#include "s3/presign.h"
#include "sign_error.h"
#include "text/ascii.h"

/* As long as an invocation can last. */
enum { CALL_EXPIRES_SECONDS = 900, CODE_MAX_BYTES = 64 };

static const struct {
  text_slice code; /* S3's */
  int status;
  const char *message;
} known_errors[] = {
    {TEXT_INITIALIZER("NoSuchUpload"), 404,
     "there is no such upload: it was completed or aborted already"},
    {TEXT_INITIALIZER("InvalidPart"), 400,
     "a part is not there, or its ETag is not the one that S3 gave"},
    {TEXT_INITIALIZER("InvalidPartOrder"), 400, "the parts must be in the order of their numbers"},
    {TEXT_INITIALIZER("EntityTooSmall"), 400,
     "each part but the last must have 5242880 bytes (5 MiB) or more"},
    {TEXT_INITIALIZER("EntityTooLarge"), 413, "the object would be larger than S3 takes"},
    {TEXT_INITIALIZER("PreconditionFailed"), 412,
     "there is an object with this key already, and it may not be replaced"},
    {TEXT_INITIALIZER("ConditionalRequestConflict"), 409,
     "another request for this key came between: try again, and if that does not help start the "
     "upload again"},
};

/* A word, so that it can go into a message and a code as it is. */
static bool is_code(text_slice code) {
  for (size_t i = 0; i < code.size; i++) {
    if (!text_ascii_is_alnum(code.data[i])) {
      return false;
    }
  }
  return code.size > 0 && code.size <= CODE_MAX_BYTES;
}

static http_error error_of(const store_access *access, int status, text_slice code) {
  for (size_t i = 0; i < sizeof known_errors / sizeof known_errors[0]; i++) {
    if (text_slice_equal(code, known_errors[i].code)) {
      return http_error_make(access->arena, known_errors[i].status, known_errors[i].code.data, "%s",
                             known_errors[i].message);
    }
  }
  const bool busy =
      status == 503 || status == 429 || text_slice_equal(code, TEXT_LITERAL("SlowDown"));
  return http_error_make(access->arena, busy ? 503 : 502, code.data,
                         busy ? "S3 is busy (%s): try again in a moment" : "S3 did not do it (%s)",
                         code.data);
}

static http_error answer_lost(const store_access *access) {
  return http_error_make(access->arena, 502, "StoreAnswerLost",
                         "the connection to S3 broke before its answer came: try again in a "
                         "moment");
}

static http_error no_answer(const store_access *access, const outgoing_answer *answer) {
  if (answer->proxy_failed) {
    return http_error_make(access->arena, 502, "ProxyFailed",
                           "the proxy before S3 can't be reached, or lets nothing through");
  }
  if (answer->timed_out) {
    return http_error_make(access->arena, 503, "StoreTimeout",
                           "S3 did not answer in time: try again in a moment");
  }
  return answer->lost
             ? answer_lost(access)
             : http_error_make(access->arena, 502, "StoreUnreachable", "S3 can't be reached");
}

/* S3 has told what is wrong, or that there is something. A 200 can hold an error. */
static http_error told_error(const store_access *access, int status, const s3_xml *xml) {
  const bool is_told = xml->root == S3_XML_ERROR && is_code(xml->error_code);
  /* Of what is before the store, which got no answer itself. */
  if (!is_told && (status == 502 || status == 504)) {
    return answer_lost(access);
  }
  return error_of(access, status, is_told ? xml->error_code : TEXT_LITERAL("StoreError"));
}

/* The answer to a HEAD has no body that could tell. */
static bool is_head_refused(const store_operation *operation, int status) {
  return text_slice_equal(operation->method, TEXT_LITERAL("HEAD")) &&
         (status == 404 || status == 403);
}

static http_error head_error(const store_access *access, int status) {
  return status == 404 ? http_error_make(access->arena, 404, "NoSuchKey", "there is no such object")
                       : http_error_make(access->arena, 403, "AccessDenied",
                                         "the object may not be looked at");
}

static http_error sign(const store_access *access, const store_operation *operation,
                       text_slice *url) {
  const s3_presign_options options = {.endpoint = access->endpoint,
                                      .method = operation->method,
                                      .key = operation->key,
                                      .headers = operation->headers,
                                      .header_count = operation->header_count,
                                      .query = operation->query,
                                      .query_count = operation->query_count,
                                      .expires_seconds = CALL_EXPIRES_SECONDS,
                                      .time_seconds = access->time_seconds};
  text_buffer buffer = text_arena_open(access->arena);
  const s3_status status = s3_presign(access->signer, &options, &buffer);
  *url = text_arena_close(access->arena, &buffer);
  return status == S3_OK ? (http_error){0} : sign_error(status, access->arena);
}

http_error store_call(const store_access *access, const store_operation *operation, s3_xml *xml,
                      s3_part_list *parts) {
  outgoing_request request = {.method = operation->method,
                              .headers = operation->headers,
                              .header_count = operation->header_count,
                              .body = operation->body,
                              .repeatable = operation->repeatable,
                              .is_question = operation->is_question,
                              .on_head_line = operation->on_head_line,
                              .head_context = operation->head_context,
                              .deadline_ms = access->deadline_ms};
  const http_error error = sign(access, operation, &request.url);
  if (error.status != 0) {
    return error;
  }
  const outgoing_answer answer =
      access->transport->send(access->transport->context, &request, access->arena);
  if (answer.status == 0) {
    return no_answer(access, &answer);
  }
  const bool good = answer.status >= 200 && answer.status < 300;
  if (good && operation->expects == S3_XML_OTHER) {
    *xml = (s3_xml){.root = S3_XML_OTHER};
    return (http_error){0};
  }
  if (is_head_refused(operation, answer.status)) {
    return head_error(access, answer.status);
  }
  (void)s3_xml_read(xml, answer.body, parts, access->arena);
  return good && xml->root == operation->expects ? (http_error){0}
                                                 : told_error(access, answer.status, xml);
}
