/* A connection to the Runtime API: libcurl finds the host, connects, and carries the bytes.
 *
 * Once connected, libcurl speaks no HTTP here (CURLOPT_CONNECT_ONLY). The socket blocks for a
 * moment: what comes within it costs no system call but the one that gets it. What takes longer
 * is waited for in runtime_transport_wait(), where a wish to stop and a limit count.
 *
 * The functions allocate in the runtime_pool in use.
 */
#ifndef RUNTIME_TRANSPORT_H
#define RUNTIME_TRANSPORT_H

#include <curl/curl.h>
#include <stdint.h>

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All zero: not connected. */
typedef struct runtime_transport {
  CURL *curl; /* null: not connected */
  int descriptor;
} runtime_transport;

/* How a call went. */
typedef enum runtime_transport_result {
  RUNTIME_TRANSPORT_DONE,   /* some bytes went, or came */
  RUNTIME_TRANSPORT_AGAIN,  /* none did: wait */
  RUNTIME_TRANSPORT_ENDED,  /* the other end has closed it */
  RUNTIME_TRANSPORT_BROKEN, /* there is no connection any more */
  RUNTIME_TRANSPORT_REFUSED /* of a connect: nobody listens there */
} runtime_transport_result;

/* Connects to `url` ("http://host:port"), in five seconds or not at all: a wish to stop does not
 * end that. Whatever is not DONE has its reason in `error`. */
runtime_transport_result runtime_transport_connect(runtime_transport *transport, const char *url,
                                                   char error[CURL_ERROR_SIZE]);
void runtime_transport_close(runtime_transport *transport);

/* Whether nothing is to be read: not an end, and no bytes, as it is between two exchanges. */
bool runtime_transport_is_quiet(const runtime_transport *transport);

/* Sends what it can of `bytes`, which are then taken off. */
runtime_transport_result runtime_transport_send(runtime_transport *transport, text_slice *bytes);

/* Receives up to `*size` bytes, which becomes how many came. */
runtime_transport_result runtime_transport_receive(runtime_transport *transport, char *data,
                                                   size_t *size);

/* What a wait found; none of them: it can be sent, or nothing in time, or a signal. */
enum { RUNTIME_TRANSPORT_READABLE = 1, RUNTIME_TRANSPORT_STOP = 2 };

/* Waits until there is something to read, or (when `to_send`) to be sent, or `stop_descriptor`
 * (-1: none) is readable. */
unsigned runtime_transport_wait(const runtime_transport *transport, bool to_send,
                                int stop_descriptor, int64_t timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
