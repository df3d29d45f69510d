#include "crash_post.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "invocation.h"
#include "text/decimal.h"
#include "text/percent.h"

enum {
  BODY_MAX_BYTES = 4 * 1024,
  REQUEST_MAX_BYTES = 16 * 1024,
  TIMEOUT_SECONDS = 2,
  PORT_MAX = 65535
};

/* Copies: what came from the environment is on the stack, which a crash may come from
 * having overwritten. */
static char host_text[sizeof "255.255.255.255:65535"];
static lambda_slice host; /* as the Host header has it; empty: no address */
static struct sockaddr_in address;

/* False unless `text` is an IPv4 address and a port, as it is on Lambda: finding a
 * name is nothing for a signal handler. */
static bool read_address(lambda_slice text) {
  char ip[INET_ADDRSTRLEN];
  lambda_slice port_text = text;
  lambda_slice ip_text;
  int64_t port = 0;
  if (!text_slice_split(&port_text, ':', &ip_text) || ip_text.size >= sizeof ip ||
      !text_decimal_parse(port_text, PORT_MAX, &port)) {
    return false;
  }
  memcpy(ip, ip_text.data, ip_text.size);
  ip[ip_text.size] = '\0';
  address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  return inet_pton(AF_INET, ip, &address.sin_addr) == 1;
}

void runtime_crash_post_setup(const char *runtime_api) {
  text_buffer copy;
  text_buffer_init(&copy, host_text, sizeof host_text);
  if (read_address(text_slice_of(runtime_api))) {
    text_buffer_append_string(&copy, runtime_api);
  }
  host = text_buffer_slice(&copy);
}

static void append_header(text_buffer *request, const char *name, lambda_slice value) {
  text_buffer_append_string(request, name);
  text_buffer_append_string(request, ": ");
  text_buffer_append(request, value);
  text_buffer_append_string(request, "\r\n");
}

static void append_request(text_buffer *request, const runtime_crash_invocation *invocation,
                           const runtime_error_report *report) {
  char body_text[BODY_MAX_BYTES];
  char cause_text[BODY_MAX_BYTES];
  text_buffer body;
  text_buffer cause;
  text_buffer_init(&body, body_text, sizeof body_text);
  text_buffer_init(&cause, cause_text, sizeof cause_text);
  runtime_error_report_append(&body, report);
  runtime_error_report_append_cause(&cause, report);
  text_buffer_append_string(request, "POST /2018-06-01/runtime/invocation/");
  text_percent_append_encoded(request, invocation->request_id);
  text_buffer_append_string(request, "/error HTTP/1.1\r\nConnection: close\r\nContent-Length: ");
  text_buffer_append_decimal(request, (int64_t)body.size);
  text_buffer_append_string(request, "\r\n");
  append_header(request, "Host", host);
  append_header(request, "Content-Type", TEXT_LITERAL(RUNTIME_ERROR_REPORT_CONTENT_TYPE));
  if (invocation->id.size > 0) {
    append_header(request, RUNTIME_INVOCATION_ID_HEADER, invocation->id);
  }
  append_header(request, "Lambda-Runtime-Function-Error-Type", report->type);
  append_header(request, "Lambda-Runtime-Function-XRay-Error-Cause", text_buffer_slice(&cause));
  text_buffer_append_string(request, "\r\n");
  text_buffer_append(request, text_buffer_slice(&body));
  request->overflowed |= body.overflowed || cause.overflowed;
}

static bool send_all(int socket_descriptor, lambda_slice bytes) {
  while (bytes.size > 0) {
    const ssize_t sent = send(socket_descriptor, bytes.data, bytes.size, MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes = text_slice_from(bytes, (size_t)sent);
  }
  return true;
}

void runtime_crash_post(const runtime_crash_invocation *invocation,
                        const runtime_error_report *report) {
  char request_text[REQUEST_MAX_BYTES];
  char answer[256];
  text_buffer request;
  text_buffer_init(&request, request_text, sizeof request_text);
  append_request(&request, invocation, report);
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0 || request.overflowed || host.size == 0) {
    return;
  }
  const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
  (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
      send_all(descriptor, text_buffer_slice(&request))) {
    /* Any byte of the answer says that the report was taken or refused. */
    const ssize_t received = recv(descriptor, answer, sizeof answer, 0);
    (void)received;
  }
  (void)close(descriptor);
}
