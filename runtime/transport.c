#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>

enum {
  CONNECT_TIMEOUT_MS = 5000,
  BLOCKING_US = 100 * 1000,
  /* Of a single poll(). */
  WAIT_MAX_MS = 60 * 1000
};

/* A moment's wait for the kernel's calls; false when it can't be had. */
static bool let_block(int descriptor) {
  const struct timeval moment = {.tv_usec = BLOCKING_US};
  return fcntl(descriptor, F_SETFL, 0) == 0 && /* libcurl has set O_NONBLOCK alone */
         setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment) == 0 &&
         setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment) == 0;
}

static CURLcode connect_to(runtime_transport *transport, const char *url, char *error) {
  CURL *curl = transport->curl;
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
  /* The Runtime API is on this host, whatever http_proxy says. */
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL); /* which need not live as long as the handle */
  return code;
}

static bool take_socket(runtime_transport *transport) {
  curl_socket_t descriptor = CURL_SOCKET_BAD;
  (void)curl_easy_getinfo(transport->curl, CURLINFO_ACTIVESOCKET, &descriptor);
  transport->descriptor = descriptor;
  return descriptor != CURL_SOCKET_BAD && let_block(descriptor);
}

runtime_transport_result runtime_transport_connect(runtime_transport *transport, const char *url,
                                                   char error[CURL_ERROR_SIZE]) {
  error[0] = '\0';
  transport->curl = curl_easy_init();
  if (transport->curl == NULL) {
    (void)snprintf(error, CURL_ERROR_SIZE, "libcurl has no memory for a connection");
    return RUNTIME_TRANSPORT_BROKEN;
  }
  const CURLcode code = connect_to(transport, url, error);
  if (code == CURLE_OK && take_socket(transport)) {
    return RUNTIME_TRANSPORT_DONE;
  }
  if (error[0] == '\0') {
    (void)snprintf(error, CURL_ERROR_SIZE, "%s",
                   code == CURLE_OK ? "the socket can't be set up" : curl_easy_strerror(code));
  }
  runtime_transport_close(transport);
  return code == CURLE_COULDNT_CONNECT ? RUNTIME_TRANSPORT_REFUSED : RUNTIME_TRANSPORT_BROKEN;
}

void runtime_transport_close(runtime_transport *transport) {
  curl_easy_cleanup(transport->curl);
  transport->curl = NULL;
}

bool runtime_transport_is_quiet(const runtime_transport *transport) {
  char byte;
  return recv(transport->descriptor, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

static runtime_transport_result result_of(CURLcode code, size_t moved) {
  if (code == CURLE_AGAIN) {
    return RUNTIME_TRANSPORT_AGAIN;
  }
  if (code != CURLE_OK) {
    return RUNTIME_TRANSPORT_BROKEN;
  }
  return moved > 0 ? RUNTIME_TRANSPORT_DONE : RUNTIME_TRANSPORT_ENDED;
}

runtime_transport_result runtime_transport_send(runtime_transport *transport, text_slice *bytes) {
  size_t sent = 0;
  const CURLcode code = curl_easy_send(transport->curl, bytes->data, bytes->size, &sent);
  *bytes = text_slice_from(*bytes, sent);
  return result_of(code, sent);
}

runtime_transport_result runtime_transport_receive(runtime_transport *transport, char *data,
                                                   size_t *size) {
  size_t received = 0;
  const CURLcode code = curl_easy_recv(transport->curl, data, *size, &received);
  *size = received;
  return result_of(code, received);
}

static int capped(int64_t timeout_ms) {
  return timeout_ms < WAIT_MAX_MS ? (int)timeout_ms : WAIT_MAX_MS;
}

unsigned runtime_transport_wait(const runtime_transport *transport, bool to_send,
                                int stop_descriptor, int64_t timeout_ms) {
  struct pollfd both[] = {
      {.fd = transport->descriptor, .events = (short)(to_send ? POLLIN | POLLOUT : POLLIN)},
      {.fd = stop_descriptor, .events = POLLIN}}; /* poll() takes no notice of -1 */
  if (poll(both, sizeof both / sizeof both[0], capped(timeout_ms)) <= 0) {
    return 0;
  }
  /* An error is read as well as an end is. */
  const bool readable = (both[0].revents & ~POLLOUT) != 0;
  return (readable ? RUNTIME_TRANSPORT_READABLE : 0U) |
         (both[1].revents != 0 ? RUNTIME_TRANSPORT_STOP : 0U);
}
