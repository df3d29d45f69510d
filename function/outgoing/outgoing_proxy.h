/* The way to a store through an HTTP proxy.
 *
 * libcurl is built without proxies, whose many kinds are 16 kB of the function's zip. It is told to
 * connect to the proxy in the store's place, and to take a connection that was made here: for
 * https:// one that the proxy has answered CONNECT on, so that TLS goes through it end to end. A
 * request for http:// has the whole URL in its first line.
 * Source: RFC 9110, 9.3.6 (CONNECT) and 7.1 (the URL); RFC 9112, 3.2
 */
#ifndef FUNCTION_OUTGOING_PROXY_H
#define FUNCTION_OUTGOING_PROXY_H

#include <curl/curl.h>
#include <stdint.h>

#include "text/arena.h"

typedef struct outgoing_proxy {
  const char *address;      /* host:port; null: there is none */
  text_slice authorization; /* what Proxy-Authorization says; empty: it is not sent */
} outgoing_proxy;

/* One attempt's way through the proxy, and what became of it. */
typedef struct outgoing_way {
  text_slice connect;  /* the request that opens a tunnel; empty: there is none to open */
  int64_t end_ms;      /* of the monotonic clock: the way must be free by then */
  const char *problem; /* of the proxy, in words; null: there was none */
  int status;          /* the proxy's, when that was the problem */
  struct curl_slist connect_to;
} outgoing_way;

/* Sends what `curl` is to ask of `url` by the proxy; `way` must live as long as that takes. False
 * when the arena has no room. */
bool outgoing_way_set(outgoing_way *way, const outgoing_proxy *proxy, CURL *curl, text_slice url,
                      int64_t timeout_ms, text_arena *arena);

/* Whether the proxy is to blame that libcurl ended with `code`, or that `answer_status` was
 * answered. `error`, of CURL_ERROR_SIZE bytes, then says why, without the credentials. */
bool outgoing_way_failed(outgoing_way *way, const outgoing_proxy *proxy, CURLcode code,
                         int answer_status, char *error);

#endif
