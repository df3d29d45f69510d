#include "exchange.h"

#include <stdio.h>

#include "text/clock.h"

enum {
  INVOCATION_MAX_MS = 15 * 60 * 1000, /* as long as Lambda lets one take */
  /* How much longer an answer may take: than the invocation, and than the wish to stop. */
  MARGIN_MS = 10 * 1000
};

static void say(runtime_client *client, const char *what) {
  (void)snprintf(client->error, sizeof client->error, "%s", what);
}

static bool connect_anew(runtime_client *client) {
  if (client->transport.curl != NULL) {
    runtime_transport_close(&client->transport);
  }
  const runtime_transport_result result =
      runtime_transport_connect(&client->transport, client->origin, client->error);
  client->refused = result == RUNTIME_TRANSPORT_REFUSED;
  return result == RUNTIME_TRANSPORT_DONE;
}

bool runtime_exchange_begin(runtime_exchange *exchange, char *storage, size_t storage_bytes) {
  runtime_client *client = exchange->client;
  client->error[0] = '\0';
  client->refused = false;
  runtime_http_answer_init(&exchange->answer, storage, storage_bytes);
  exchange->kept = client->transport.curl != NULL && runtime_transport_is_quiet(&client->transport);
  return exchange->kept || connect_anew(client);
}

/* An answer counts for nothing when the deadline of the invocation has passed. The start
 * has no deadline, but nobody waits for it either. */
static int64_t until_ms(const runtime_exchange *exchange) {
  const runtime_client *client = exchange->client;
  int64_t left_ms = exchange->request_id.size > 0 ? INVOCATION_MAX_MS : 0;
  if (exchange->request_id.size > 0 && text_slice_equal(exchange->request_id, client->request_id)) {
    const lambda_invocation told = {.deadline_ms = client->deadline_ms};
    const int64_t remaining_ms = lambda_remaining_ms(&told);
    left_ms = remaining_ms < left_ms ? remaining_ms : left_ms;
  }
  return text_clock_steady_ms() + left_ms + MARGIN_MS;
}

/* The clock is looked at when something has to be waited for: most answers are there by then. */
static int64_t left_ms(runtime_exchange *exchange) {
  runtime_exchange_limit *limit = &exchange->limit;
  if (limit->until_ms == 0) {
    limit->until_ms = limit->endless ? INT64_MAX : until_ms(exchange);
  }
  return limit->until_ms == INT64_MAX ? INT64_MAX : limit->until_ms - text_clock_steady_ms();
}

static void bring_the_end_nearer(runtime_exchange_limit *limit) {
  const int64_t nearer_ms = text_clock_steady_ms() + MARGIN_MS;
  limit->stopping = true;
  limit->until_ms = nearer_ms < limit->until_ms ? nearer_ms : limit->until_ms;
}

/* What runtime_transport_wait() found within the limit, and within `most_ms`; with nothing found
 * when the limit has passed, it says so. */
static unsigned wait_for(runtime_exchange *exchange, bool to_send, int64_t most_ms) {
  runtime_exchange_limit *limit = &exchange->limit;
  runtime_client *client = exchange->client;
  const int64_t timeout_ms = left_ms(exchange);
  if (timeout_ms <= 0) {
    limit->passed = true;
    say(client, "no answer has come in time");
    return 0;
  }
  return runtime_transport_wait(&client->transport, to_send,
                                limit->stopping ? -1 : client->stop_descriptor,
                                timeout_ms < most_ms ? timeout_ms : most_ms);
}

/* Takes what is there, if anything. */
static void receive_some(runtime_exchange *exchange) {
  size_t size;
  char *room = runtime_http_answer_room(&exchange->answer, &size);
  const runtime_transport_result result =
      runtime_transport_receive(&exchange->client->transport, room, &size);
  if (result == RUNTIME_TRANSPORT_DONE) {
    runtime_http_answer_take(&exchange->answer, size);
  } else if (result == RUNTIME_TRANSPORT_ENDED) {
    runtime_http_answer_close(&exchange->answer);
  } else if (result == RUNTIME_TRANSPORT_BROKEN) {
    runtime_http_answer_break(&exchange->answer);
  }
}

static bool is_settled(const runtime_exchange *exchange) {
  return exchange->answer.ended || exchange->answer.problem != NULL;
}

/* ---- Sending ------------------------------------------------------------------ */

/* Of an interim head, as of nothing at all, a request takes no notice. */
static bool is_answered(const runtime_exchange *exchange) {
  return exchange->answer.begun || is_settled(exchange);
}

/* False when there is an answer, or the limit has passed. */
static bool wait_to_send(runtime_exchange *exchange) {
  const unsigned found = wait_for(exchange, true, INT64_MAX);
  if ((found & RUNTIME_TRANSPORT_STOP) != 0) {
    bring_the_end_nearer(&exchange->limit);
  }
  if ((found & RUNTIME_TRANSPORT_READABLE) != 0) {
    receive_some(exchange);
  }
  return !exchange->limit.passed && !is_answered(exchange);
}

bool runtime_exchange_send(runtime_exchange *exchange, lambda_slice bytes) {
  runtime_transport *transport = &exchange->client->transport;
  while (bytes.size > 0) {
    const runtime_transport_result result = runtime_transport_send(transport, &bytes);
    if (result == RUNTIME_TRANSPORT_ENDED || result == RUNTIME_TRANSPORT_BROKEN) {
      return false;
    }
    if (bytes.size > 0 && !wait_to_send(exchange)) {
      return false;
    }
  }
  return true;
}

bool runtime_exchange_is_interrupted(runtime_exchange *exchange) {
  if (!runtime_transport_is_quiet(&exchange->client->transport)) {
    receive_some(exchange);
  }
  return is_answered(exchange);
}

/* ---- Receiving ---------------------------------------------------------------- */

/* Nobody waits for an event any more, and none has begun to come. */
static bool is_unwanted(const runtime_exchange *exchange) {
  return exchange->limit.endless && exchange->limit.stopping && !exchange->answer.begun;
}

/* Until there is something to read, or the limit has passed. What has come is an invocation in
 * hand, whose rest is waited for, though not for ever: false when none has, and nobody wants one
 * any more. */
static bool wait_to_receive(runtime_exchange *exchange) {
  unsigned found = 0;
  while ((found & RUNTIME_TRANSPORT_READABLE) == 0 && !exchange->limit.passed) {
    const bool unwanted = is_unwanted(exchange); /* but for what has been handed out */
    found = wait_for(exchange, false, unwanted ? 0 : INT64_MAX);
    if (unwanted && found == 0 && !exchange->limit.passed) {
      return false;
    }
    if ((found & RUNTIME_TRANSPORT_STOP) != 0) {
      bring_the_end_nearer(&exchange->limit);
    }
  }
  return true;
}

/* The first receive may block for a moment, and nearly always that is enough. */
bool runtime_exchange_receive(runtime_exchange *exchange) {
  bool waited = false;
  while (!is_settled(exchange) && !exchange->limit.passed) {
    if (waited && !wait_to_receive(exchange)) {
      return false;
    }
    if (!exchange->limit.passed) {
      receive_some(exchange);
    }
    waited = true;
  }
  return true;
}

/* ---- The end ------------------------------------------------------------------ */

int runtime_exchange_end(runtime_exchange *exchange, bool sent_all) {
  runtime_client *client = exchange->client;
  const runtime_http_answer *answer = &exchange->answer;
  const bool reusable = sent_all && answer->ended && !answer->beyond && !answer->head.closes;
  if (!reusable && client->transport.curl != NULL) {
    runtime_transport_close(&client->transport);
  }
  if (answer->ended) {
    client->answered = true;
    return answer->head.status;
  }
  if (client->error[0] == '\0') {
    (void)snprintf(client->error, sizeof client->error, "of its answer: %s",
                   answer->problem != NULL ? answer->problem : "none has come");
  }
  return 0;
}

int runtime_exchange_retries(const runtime_exchange *exchange) {
  return exchange->kept ? 2 : 1;
}
