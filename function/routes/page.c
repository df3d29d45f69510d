#include "page.h"

#include "reply_body.h"
#include "s3/hash.h"
#include "text/embed.h"
#include "text/inflate.h"
#include "text/json.h"

/* Made by web/web.mk, in gzip's form; make knows that this object depends on them. */
TEXT_EMBED(page_index, "build/web/index.html.gz");
TEXT_EMBED(page_style, "build/web/page.css.gz");
TEXT_EMBED(page_script, "build/web/page.js.gz");
TEXT_EMBED(page_messages, "build/web/messages.js.gz");
TEXT_EMBED(page_uploader, "build/web/countersign.min.js.gz");
TEXT_EMBED(page_login, "build/web/login.js.gz");
TEXT_EMBED(page_worker, "build/web/sha256_worker.js.gz");

/* What the page may load and reach: its own files, the API that it came from, the bucket, and who
 * signs its user in. Source: https://www.w3.org/TR/CSP3/ */
static text_slice content_security_policy(const function_call *call) {
  text_buffer policy = text_arena_open(call->arena);
  text_buffer_append_string(&policy,
                            "default-src 'none'; script-src 'self'; style-src 'self'; worker-src "
                            "'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                            "frame-ancestors 'none'; connect-src 'self' ");
  text_buffer_append(&policy, call->config->endpoint.origin);
  text_buffer_append(&policy, call->config->login.origins);
  return text_arena_close(call->arena, &policy);
}

/* The name of this version of a text. Source: RFC 9110, 8.8.3 */
static text_slice entity_tag(text_slice text, text_arena *arena) {
  uint8_t digest[S3_HASH_BYTES];
  s3_hash hash;
  s3_hash_start(&hash);
  s3_hash_update(&hash, text);
  s3_hash_finish(&hash, digest);
  text_buffer tag = text_arena_open(arena);
  text_buffer_append_byte(&tag, '"');
  s3_hash_append_hex(&tag, digest);
  text_buffer_append_byte(&tag, '"');
  return text_arena_close(arena, &tag);
}

/* Whether the browser has this version. What compresses on the way makes tags weak.
 * Source: RFC 9110, 13.1.2 */
static bool has_already(const http_request *request, text_slice tag) {
  text_slice known = http_request_header(request, TEXT_LITERAL("if-none-match"));
  text_slice item;
  while (text_slice_split(&known, ',', &item)) {
    item = text_slice_trim(item);
    if (text_slice_starts_with(item, TEXT_LITERAL("W/"))) {
      item = text_slice_from(item, 2);
    }
    if (text_slice_equal(item, tag)) {
      return true;
    }
  }
  return false;
}

static void send(const function_call *call, text_slice type, text_slice body, http_reply *reply) {
  const text_slice tag = entity_tag(body, call->arena);
  const text_slice policy = content_security_policy(call);
  const bool known = tag.data != NULL && has_already(call->request, tag);
  reply->status = known ? 304 : 200;
  reply->body = known ? TEXT_LITERAL("") : body;
  if (body.data == NULL || tag.data == NULL || policy.data == NULL) {
    reply->body = (text_slice){NULL, 0}; /* no page without its policy */
  }
  http_reply_add_header(reply, TEXT_LITERAL("Content-Type"), type);
  /* A page and a script of two versions would not fit together. */
  http_reply_add_header(reply, TEXT_LITERAL("Cache-Control"), TEXT_LITERAL("no-cache"));
  http_reply_add_header(reply, TEXT_LITERAL("ETag"), tag);
  http_reply_add_header(reply, TEXT_LITERAL("Content-Security-Policy"), policy);
  http_reply_add_header(reply, TEXT_LITERAL("X-Content-Type-Options"), TEXT_LITERAL("nosniff"));
  http_reply_add_header(reply, TEXT_LITERAL("Referrer-Policy"), TEXT_LITERAL("no-referrer"));
}

/* A reply has each header once. */
static void vary_by_encoding(http_reply *reply) {
  static const text_slice name = TEXT_INITIALIZER("Vary");
  for (size_t i = 0; i < reply->header_count; i++) {
    if (text_slice_equal(reply->headers[i].name, name)) {
      reply->headers[i].value = TEXT_LITERAL("Origin, Accept-Encoding");
      return;
    }
  }
  http_reply_add_header(reply, name, TEXT_LITERAL("Accept-Encoding"));
}

/* The text of a file in gzip's form, whose head and end have nothing but what they must have. */
static text_slice plain(text_slice compressed, text_arena *arena) {
  enum { HEAD_BYTES = 10, END_BYTES = 8 };
  text_buffer text = text_arena_open(arena);
  text_slice stream = text_slice_from(compressed, HEAD_BYTES);
  stream.size -= END_BYTES;
  text_inflate_append(&text, stream);
  return text_arena_close(arena, &text);
}

static http_error answer(const function_call *call, text_slice type, text_slice compressed,
                         http_reply *reply) {
  const http_request *request = call->request;
  vary_by_encoding(reply);
  if (http_reply_takes_bytes(request->source) && http_request_takes_gzip(request)) {
    http_reply_add_header(reply, TEXT_LITERAL("Content-Encoding"), TEXT_LITERAL("gzip"));
    reply->body_is_bytes = true;
    send(call, type, compressed, reply);
  } else {
    send(call, type, plain(compressed, call->arena), reply);
  }
  return (http_error){0};
}

static const text_slice javascript = TEXT_INITIALIZER("text/javascript; charset=utf-8");

http_error page_get(const function_call *call, http_reply *reply) {
  return answer(call, TEXT_LITERAL("text/html; charset=utf-8"), TEXT_EMBEDDED(page_index), reply);
}

http_error page_get_style(const function_call *call, http_reply *reply) {
  return answer(call, TEXT_LITERAL("text/css; charset=utf-8"), TEXT_EMBEDDED(page_style), reply);
}

http_error page_get_script(const function_call *call, http_reply *reply) {
  return answer(call, javascript, TEXT_EMBEDDED(page_script), reply);
}

http_error page_get_messages(const function_call *call, http_reply *reply) {
  return answer(call, javascript, TEXT_EMBEDDED(page_messages), reply);
}

http_error page_get_uploader(const function_call *call, http_reply *reply) {
  return answer(call, javascript, TEXT_EMBEDDED(page_uploader), reply);
}

http_error page_get_login(const function_call *call, http_reply *reply) {
  return answer(call, javascript, TEXT_EMBEDDED(page_login), reply);
}

http_error page_get_worker(const function_call *call, http_reply *reply) {
  return answer(call, javascript, TEXT_EMBEDDED(page_worker), reply);
}

/* ---- What the page is told ------------------------------------------------------ */

static void append_member(text_buffer *json, const char *name) {
  text_buffer_append_string(json, json->size == 0 ? "{\"" : ",\"");
  text_buffer_append_string(json, name);
  text_buffer_append_string(json, "\":");
}

static void append_types(text_buffer *json, text_slice types) {
  text_slice type;
  char before = '[';
  append_member(json, "types");
  while (text_slice_split(&types, ',', &type)) {
    text_buffer_append_byte(json, before);
    text_json_append_string(json, text_slice_trim(type));
    before = ',';
  }
  text_buffer_append_byte(json, ']');
}

/* What has no rule is left out. */
static void append_limits(text_buffer *json, const upload_rules *rules) {
  const text_slice types = rules->types[0]; /* nobody has narrowed this call's */
  if (!text_slice_equal(types, TEXT_LITERAL("*/*"))) {
    append_types(json, types);
  }
  if (rules->max_bytes > 0) {
    append_member(json, "max_bytes");
    text_buffer_append_decimal(json, rules->max_bytes);
  }
  if (rules->downloads) {
    append_member(json, "downloads");
    text_buffer_append_string(json, "true");
  }
}

static void append_login(text_buffer *json, const config_login *login) {
  if (login->issuer.size > 0) {
    append_member(json, "login");
    reply_body_append_text(json, "{\"issuer\":", login->issuer);
    reply_body_append_text(json, ",\"client_id\":", login->client_id);
    text_buffer_append_byte(json, '}');
  }
}

http_error page_get_configuration(const function_call *call, http_reply *reply) {
  text_buffer json = text_arena_open(call->arena);
  append_limits(&json, call->rules);
  append_login(&json, &call->config->login);
  text_buffer_append_string(&json, json.size == 0 ? "{}" : "}");
  const text_slice text = text_arena_close(call->arena, &json);
  send(call, TEXT_LITERAL("application/json"), text, reply);
  return (http_error){0};
}
