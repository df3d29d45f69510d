#include "event.h"

#include "event_query.h"
#include "text/base64.h"

static const char not_http[] =
    "the event is no HTTP request: expected one of API Gateway (HTTP API or REST API), a function "
    "URL, or an Application Load Balancer";
static const char too_large[] = "the event needs more memory than an invocation has";

static const cJSON *first_object(const cJSON *event, const char *name, const char *other_name) {
  const cJSON *found = http_json_member(event, name);
  return cJSON_IsObject(found) ? found : http_json_member(event, other_name);
}

static void read_v2(http_request *request, const cJSON *event, const cJSON *context) {
  const cJSON *http = http_json_member(context, "http");
  request->source = HTTP_SOURCE_V2;
  request->method = http_json_text(http_json_member(http, "method"));
  request->path = http_json_text(http_json_member(event, "rawPath"));
  request->headers = http_json_member(event, "headers");
  request->domain = http_json_text(http_json_member(context, "domainName"));
}

static void read_path_and_headers(http_request *request, const cJSON *event) {
  request->method = http_json_text(http_json_member(event, "httpMethod"));
  request->path = http_json_text(http_json_member(event, "path"));
  request->headers = first_object(event, "multiValueHeaders", "headers");
}

static void read_v1(http_request *request, const cJSON *event, const cJSON *context) {
  read_path_and_headers(request, event);
  request->source = HTTP_SOURCE_V1;
  request->domain = http_json_text(http_json_member(context, "domainName"));
}

static void read_alb(http_request *request, const cJSON *event) {
  read_path_and_headers(request, event);
  request->source = cJSON_IsObject(http_json_member(event, "multiValueHeaders"))
                        ? HTTP_SOURCE_ALB_MULTI_VALUE
                        : HTTP_SOURCE_ALB;
}

static bool read_query(http_request *request, const cJSON *event, text_arena *arena) {
  const text_slice raw = http_json_text(http_json_member(event, "rawQueryString"));
  if (request->source == HTTP_SOURCE_V2 && raw.data != NULL) {
    return http_event_query_from_text(request, raw, arena);
  }
  const cJSON *map =
      first_object(event, "multiValueQueryStringParameters", "queryStringParameters");
  /* The load balancer alone passes on what the browser sent, still encoded. */
  const bool encoded =
      request->source == HTTP_SOURCE_ALB || request->source == HTTP_SOURCE_ALB_MULTI_VALUE;
  return http_event_query_from_map(request, map, encoded, arena);
}

/* Null, or what is wrong. */
static const char *read_body(http_request *request, const cJSON *event, text_arena *arena) {
  request->body = http_json_text(http_json_member(event, "body"));
  if (!cJSON_IsTrue(http_json_member(event, "isBase64Encoded"))) {
    return NULL;
  }
  text_buffer decoded = text_arena_open(arena);
  const bool valid = text_base64_append_decoded(&decoded, request->body);
  request->body = text_arena_close(arena, &decoded);
  if (decoded.overflowed) {
    return too_large;
  }
  return valid ? NULL : "the event's body is not base64 although isBase64Encoded is true";
}

const char *http_event_read(http_request *request, text_slice payload, text_arena *arena) {
  *request = (http_request){0};
  const cJSON *event = http_json_parse(payload, arena);
  if (event == NULL) {
    return "the event is not JSON, nests too deeply, or is too large";
  }
  const cJSON *context = http_json_member(event, "requestContext");
  request->caller.context = context;
  if (cJSON_IsObject(http_json_member(context, "http"))) {
    read_v2(request, event, context);
  } else if (cJSON_IsObject(http_json_member(context, "elb"))) {
    read_alb(request, event);
  } else {
    read_v1(request, event, context);
  }
  if (request->method.size == 0 || request->path.size == 0) {
    return not_http;
  }
  if (!read_query(request, event, arena)) {
    return too_large;
  }
  return read_body(request, event, arena);
}
