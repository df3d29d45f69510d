#include "api.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_MS = 60 * 1000 };

bool api_open(api_server *server) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  struct sockaddr *where = (struct sockaddr *)(void *)&address;
  server->count = 0;
  server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool open = bind(server->listener, where, size) == 0 &&
                    listen(server->listener, API_CONNECTIONS_MAX) == 0 &&
                    getsockname(server->listener, where, &size) == 0;
  server->port = ntohs(address.sin_port);
  return open;
}

static void drop(api_server *server, size_t index) {
  (void)close(server->connections[index]->descriptor);
  free(server->connections[index]);
  server->connections[index] = server->connections[--server->count];
}

void api_drop_connections(api_server *server) {
  while (server->count > 0) {
    drop(server, 0);
  }
}

static bool accept_one(api_server *server) {
  const int one = 1;
  const int descriptor = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
  api_connection *connection = malloc(sizeof *connection);
  if (descriptor < 0 || connection == NULL || server->count == API_CONNECTIONS_MAX) {
    free(connection);
    return false;
  }
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  connection->descriptor = descriptor;
  connection->size = 0;
  server->connections[server->count++] = connection;
  return true;
}

/* The value of a header in the head, or null. */
static const char *header_of(const api_connection *request, const char *head_end,
                             const char *name) {
  const size_t size = strlen(name);
  for (const char *line = request->text; line < head_end; line = strchr(line, '\n') + 1) {
    if (strncasecmp(line, name, size) == 0) {
      return line + size;
    }
  }
  return NULL;
}

static bool is_whole(const api_connection *request) {
  const char *blank = strstr(request->text, "\r\n\r\n");
  if (blank == NULL) {
    return false;
  }
  const char *length = header_of(request, blank, "Content-Length:");
  if (length != NULL) {
    return request->size >= (size_t)(blank + 4 - request->text) + strtoul(length, NULL, 10);
  }
  return header_of(request, blank, "Transfer-Encoding: chunked") == NULL ||
         strcmp(request->text + request->size - 5, "0\r\n\r\n") == 0;
}

/* Reads what there is; false when the other side has closed or says too much. */
static bool read_some(api_connection *connection) {
  const size_t room = API_REQUEST_MAX_BYTES - connection->size;
  const ssize_t got = recv(connection->descriptor, connection->text + connection->size, room, 0);
  if (got <= 0) {
    return false;
  }
  connection->size += (size_t)got;
  connection->text[connection->size] = '\0';
  return true;
}

static api_connection *read_ready(api_server *server, const struct pollfd *polled, size_t count) {
  for (size_t i = count; i-- > 0;) { /* from the end, since drop() moves the last one */
    if (polled[i].revents == 0) {
      continue;
    }
    if (!read_some(server->connections[i])) {
      drop(server, i);
    } else if (is_whole(server->connections[i])) {
      return server->connections[i];
    }
  }
  return NULL;
}

api_connection *api_receive(api_server *server) {
  api_connection *request = NULL;
  while (request == NULL) {
    struct pollfd polled[API_CONNECTIONS_MAX + 1];
    const size_t count = server->count;
    for (size_t i = 0; i < count; i++) {
      polled[i] = (struct pollfd){.fd = server->connections[i]->descriptor, .events = POLLIN};
    }
    polled[count] = (struct pollfd){.fd = server->listener, .events = POLLIN};
    if (poll(polled, count + 1, TIMEOUT_MS) <= 0) {
      return NULL;
    }
    request = read_ready(server, polled, count);
    if (request == NULL && polled[count].revents != 0 && !accept_one(server)) {
      return NULL;
    }
  }
  return request;
}

bool api_is_get(const api_connection *request) {
  return strncmp(request->text, "GET ", 4) == 0;
}

bool api_is_response(const api_connection *request, const char *wanted) {
  const char *path_end = strstr(request->text, "/response ");
  return strncmp(request->text, "POST ", 5) == 0 && path_end != NULL &&
         path_end < strchr(request->text, '\r') && strstr(path_end, wanted) != NULL;
}

bool api_send(api_connection *connection, const char *text, size_t size) {
  connection->size = 0;
  connection->text[0] = '\0';
  return send(connection->descriptor, text, size, MSG_NOSIGNAL) == (ssize_t)size;
}
