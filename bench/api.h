/* The Runtime API's side of the benchmark: one listener for each measured program,
 * with as little of HTTP as the programs need.
 */
#ifndef BENCH_API_H
#define BENCH_API_H

#include <stdbool.h>
#include <stddef.h>

enum { API_CONNECTIONS_MAX = 40, API_REQUEST_MAX_BYTES = 7 * 1024 * 1024 };

typedef struct api_connection {
  int descriptor;
  size_t size; /* of what has come of the request */
  char text[API_REQUEST_MAX_BYTES + 1];
} api_connection;

typedef struct api_server {
  int listener;
  unsigned short port;
  size_t count;
  api_connection *connections[API_CONNECTIONS_MAX];
} api_server;

/* Listens on a port of its own of 127.0.0.1. */
bool api_open(api_server *server);

/* Drops what a program that has ended left behind; the listener stays. */
void api_drop_connections(api_server *server);

/* Waits for a whole request, on whatever connection. Its text, head and body, is
 * NUL-terminated and valid until the next call. Null after a minute, or when it is
 * larger than API_REQUEST_MAX_BYTES. */
api_connection *api_receive(api_server *server);

bool api_is_get(const api_connection *request);

/* Whether it is a POST to .../response with `wanted` somewhere in it. */
bool api_is_response(const api_connection *request, const char *wanted);

/* Answers the request, after which the next one can be received. */
bool api_send(api_connection *connection, const char *text, size_t size);

#endif
