/* The floor that the runtime is measured against: a function that answers each
 * event with its own bytes, with nothing between it and the sockets. It takes for
 * granted what the runtime has to check, and knows an IPv4 address only.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ANSWER_MAX_BYTES = 7 * 1024 * 1024 };

static const char next_request[] = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"
                                   "Host: runtime\r\n\r\n";

/* An answer of the Runtime API. */
struct answer {
  char text[ANSWER_MAX_BYTES];
  char *body;
  size_t body_bytes;
};

static int connect_to(const char *runtime_api) {
  char host[64] = "";
  const char *colon = strchr(runtime_api, ':');
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (colon == NULL || (size_t)(colon - runtime_api) >= sizeof host) {
    return -1;
  }
  memcpy(host, runtime_api, (size_t)(colon - runtime_api));
  address.sin_port = htons((unsigned short)strtoul(colon + 1, NULL, 10));
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int connected = inet_pton(AF_INET, host, &address.sin_addr) == 1 &&
                        connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0;
  return connected ? descriptor : -1;
}

/* The value of a header, or null. */
static const char *header_of(const struct answer *answer, const char *name) {
  const size_t size = strlen(name);
  for (const char *line = answer->text; line < answer->body; line = strchr(line, '\n') + 1) {
    if (strncasecmp(line, name, size) == 0) {
      return line + size;
    }
  }
  return NULL;
}

static int receive(int descriptor, struct answer *answer) {
  size_t size = 0;
  size_t whole = sizeof answer->text;
  answer->body = NULL;
  while (size < whole) {
    const ssize_t got = recv(descriptor, answer->text + size, sizeof answer->text - 1 - size, 0);
    if (got <= 0) {
      return -1;
    }
    size += (size_t)got;
    answer->text[size] = '\0';
    char *blank = answer->body == NULL ? strstr(answer->text, "\r\n\r\n") : NULL;
    if (blank != NULL) {
      answer->body = blank + 4;
      const char *length = header_of(answer, "Content-Length: ");
      answer->body_bytes = length != NULL ? strtoul(length, NULL, 10) : 0;
      whole = (size_t)(answer->body - answer->text) + answer->body_bytes;
    }
  }
  return 0;
}

static int respond(int descriptor, const struct answer *event) {
  char head[256];
  const char *id = header_of(event, "Lambda-Runtime-Aws-Request-Id: ");
  if (id == NULL) {
    return -1;
  }
  const int size = snprintf(head, sizeof head,
                            "POST /2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\n"
                            "Host: runtime\r\nContent-Type: application/json\r\n"
                            "Content-Length: %zu\r\n\r\n",
                            (int)strcspn(id, "\r"), id, event->body_bytes);
  struct iovec parts[] = {{head, (size_t)size}, {event->body, event->body_bytes}};
  return writev(descriptor, parts, 2) > 0 ? 0 : -1;
}

int main(void) {
  static struct answer answer;
  const char *runtime_api = getenv("AWS_LAMBDA_RUNTIME_API");
  const int descriptor = runtime_api != NULL ? connect_to(runtime_api) : -1;
  while (descriptor >= 0) {
    if (send(descriptor, next_request, sizeof next_request - 1, 0) < 0 ||
        receive(descriptor, &answer) != 0 || respond(descriptor, &answer) != 0 ||
        receive(descriptor, &answer) != 0) {
      break;
    }
  }
  return EXIT_FAILURE;
}
