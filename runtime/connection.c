#include "connection.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "invocation.h"
#include "log.h"
#include "version.h"

enum {
  DEFAULT_ARENA_BYTES = 48 * 1024 * 1024,
  /* What stays resident between invocations; more is given back. */
  KEPT_BYTES = 256 * 1024,
  /* The parts of a connection's mapping begin on pages, up to the largest that there
   * are: only whole pages can be given back. */
  PAGE_BYTES = 64 * 1024,
  /* Before the arena in one mapping: the connection itself and, right behind it, so that a page
   * serves both, libcurl's memory; and what answers to posts are received into. */
  ANSWERS_AT = PAGE_BYTES + RUNTIME_POOL_BYTES,
  ANSWERS_BYTES = PAGE_BYTES + RUNTIME_HTTP_HEAD_MAX_BYTES,
  HEAD_BYTES = ANSWERS_AT + ANSWERS_BYTES,
  /* In front of the reply: for the head of the request that it is the body of. */
  REPLY_ROOM_BYTES = 1024,
  /* The event's head is received into the arena as well, and is none of the event's memory. */
  ARENA_MORE_BYTES = RUNTIME_HTTP_HEAD_MAX_BYTES + PAGE_BYTES
};

_Static_assert(sizeof(lambda_connection) <= PAGE_BYTES, "the pool has room behind it");
_Static_assert(sizeof(lambda_connection) % alignof(max_align_t) == 0, "the pool is aligned");

lambda_options runtime_connection_options(const lambda_options *given) {
  lambda_options options = given ? *given : (lambda_options){0};
  if (options.runtime_api == NULL) {
    options.runtime_api = getenv("AWS_LAMBDA_RUNTIME_API");
  }
  if (options.user_agent == NULL) {
    options.user_agent = "countersign-runtime/" COUNTERSIGN_VERSION;
  }
  if (options.reply_content_type == NULL) {
    options.reply_content_type = "application/json";
  }
  if (options.arena_bytes == 0) {
    options.arena_bytes = DEFAULT_ARENA_BYTES;
  }
  return options;
}

static size_t whole_pages(size_t size_bytes) {
  return (size_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* Where the reply's storage begins in the mapping, and where that of its replay. */
static size_t reply_at(const lambda_options *options) {
  return HEAD_BYTES + whole_pages(options->arena_bytes) + ARENA_MORE_BYTES;
}

static size_t replay_at(const lambda_options *options) {
  return reply_at(options) + whole_pages(REPLY_ROOM_BYTES + LAMBDA_REPLY_MAX_BYTES);
}

static size_t mapping_bytes(const lambda_options *options) {
  return replay_at(options) + RUNTIME_STREAM_STORAGE_BYTES;
}

/* Null when there is not so much address space. */
static char *map(const lambda_options *options) {
  if (options->arena_bytes > SIZE_MAX / 2) {
    return NULL; /* and the sums above would wrap around */
  }
  void *memory = mmap(NULL, mapping_bytes(options), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory != MAP_FAILED ? memory : NULL;
}

/* Null, or why it can't be. */
static const char *open_client(lambda_connection *connection) {
  if (!runtime_client_start_library()) {
    return "libcurl could not be started";
  }
  const runtime_client_storage storage = {.pool = (char *)(connection + 1),
                                          .answers = (char *)connection + ANSWERS_AT,
                                          .answers_bytes = ANSWERS_BYTES};
  return runtime_client_open(&connection->client, &connection->options, &storage)
             ? NULL
             : connection->client.error;
}

lambda_connection *lambda_connect(const lambda_options *options) {
  const lambda_options whole = runtime_connection_options(options);
  char *memory = map(&whole);
  if (memory == NULL) {
    lambda_log(LAMBDA_LOG_FATAL, "there is no address space for an arena of %zu bytes",
               whole.arena_bytes);
    return NULL;
  }
  lambda_connection *connection = (lambda_connection *)(void *)memory;
  connection->options = whole;
  connection->reply_storage = memory + reply_at(&whole) + REPLY_ROOM_BYTES;
  connection->replay_storage = memory + replay_at(&whole);
  text_arena_init(&connection->arena, memory + HEAD_BYTES, whole.arena_bytes + ARENA_MORE_BYTES);
  const char *problem = open_client(connection);
  if (problem != NULL) {
    lambda_log(LAMBDA_LOG_FATAL, "%s", problem);
    text_arena_release(&connection->arena);
    (void)munmap(memory, mapping_bytes(&whole));
    return NULL;
  }
  return connection;
}

void lambda_disconnect(lambda_connection *connection) {
  if (connection != NULL) {
    runtime_client_close(&connection->client);
    text_arena_release(&connection->arena);
    (void)munmap(connection, mapping_bytes(&connection->options));
  }
}

/* One large invocation must not make the process large for good. */
static void give_back(char *region, size_t used_bytes) {
  if (used_bytes > KEPT_BYTES) {
    (void)madvise(region + KEPT_BYTES, used_bytes - KEPT_BYTES, MADV_DONTNEED);
  }
}

runtime_client_answer runtime_connection_next(lambda_connection *connection,
                                              lambda_invocation *invocation) {
  give_back(connection->arena.base, connection->arena.peak_bytes);
  text_arena_reset(&connection->arena);
  runtime_client_answer answer =
      runtime_client_next(&connection->client, &connection->arena, invocation);
  answer.truncated |= invocation->payload.size > connection->options.arena_bytes;
  return answer;
}

void runtime_connection_start_reply(lambda_connection *connection, lambda_slice request_id,
                                    lambda_reply *reply) {
  runtime_reply_init(reply, &connection->arena, connection->reply_storage, LAMBDA_REPLY_MAX_BYTES);
  reply->options = &connection->options;
  reply->stream.client = &connection->client;
  reply->stream.request_id = request_id;
  text_buffer_init(&reply->stream.replay, connection->replay_storage, RUNTIME_STREAM_STORAGE_BYTES);
}

static runtime_client_answer post_failure(lambda_connection *connection, lambda_slice request_id,
                                          const lambda_reply *reply) {
  const runtime_reply_report report = runtime_reply_make_report(reply);
  const runtime_client_post_request request = {
      .request_id = request_id,
      .call = "error",
      .content_type = reply->content_type ? reply->content_type : RUNTIME_ERROR_REPORT_CONTENT_TYPE,
      .error_type = reply->error_type,
      .xray_cause = report.xray_cause,
      .body = report.body};
  return runtime_client_post(&connection->client, &request);
}

runtime_client_answer runtime_connection_post(lambda_connection *connection,
                                              lambda_slice request_id, lambda_reply *reply) {
  runtime_client_answer answer = {0};
  const bool streams = reply->stream.content_type != NULL;
  if (reply->stream.begun || (streams && !reply->failed)) {
    answer.status = runtime_reply_end_stream(reply);
  } else if (reply->failed) {
    answer = post_failure(connection, request_id, reply);
  } else {
    const runtime_client_post_request request = {
        .request_id = request_id,
        .call = "response",
        .content_type =
            reply->content_type ? reply->content_type : connection->options.reply_content_type,
        .body = text_buffer_slice(&reply->body),
        .room = connection->reply_storage - REPLY_ROOM_BYTES,
        .room_bytes = REPLY_ROOM_BYTES};
    answer = runtime_client_post(&connection->client, &request);
  }
  give_back(connection->reply_storage - REPLY_ROOM_BYTES,
            REPLY_ROOM_BYTES + runtime_reply_touched_bytes(reply));
  give_back(connection->replay_storage, reply->stream.touched_bytes);
  return answer;
}

int lambda_next(lambda_connection *connection, lambda_invocation *invocation) {
  const runtime_client_answer answer = runtime_connection_next(connection, invocation);
  runtime_log_set_request_id(invocation->request_id);
  if (answer.status == 200 && !runtime_request_id_is_usable(invocation->request_id)) {
    lambda_log(LAMBDA_LOG_ERROR, "the Runtime API gave an event without a usable request id");
    return 0;
  }
  return answer.truncated ? 413 : answer.status;
}

int lambda_respond(lambda_connection *connection, lambda_slice request_id, lambda_slice body,
                   const char *content_type) {
  if (!runtime_request_id_is_usable(request_id)) {
    return RUNTIME_NO_SUCH_INVOCATION;
  }
  const runtime_client_post_request request = {
      .request_id = request_id,
      .call = "response",
      .content_type = content_type ? content_type : connection->options.reply_content_type,
      .body = body};
  return runtime_client_post(&connection->client, &request).status;
}

int lambda_respond_error(lambda_connection *connection, lambda_slice request_id, const char *type,
                         lambda_slice message) {
  if (!runtime_request_id_is_usable(request_id)) {
    return RUNTIME_NO_SUCH_INVOCATION; /* posted, it would say that the function can't start */
  }
  lambda_reply reply;
  runtime_connection_start_reply(connection, request_id, &reply);
  (void)lambda_fail(&reply, type, message);
  return runtime_connection_post(connection, request_id, &reply).status;
}
