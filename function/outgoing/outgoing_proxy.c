#include "outgoing_proxy.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "s3/endpoint_url.h"
#include "text/clock.h"

enum {
  ADDRESS_MS = 1000, /* for one of the proxy's addresses: another may be the one that answers */
  WANTS_CREDENTIALS = 407, /* no store answers that */
  HEAD_MAX_BYTES = 16 * 1024,
  STATUS_AT = sizeof "HTTP/1.1",
  STATUS_END = STATUS_AT + 3
};

/* False, and errno, when there is no time left. */
static bool wait_for(const outgoing_way *way, int connection, short event) {
  struct pollfd waiting = {.fd = connection, .events = event};
  for (;;) {
    const int64_t left_ms = way->end_ms - text_clock_steady_ms();
    const int count = left_ms > 0 ? poll(&waiting, 1, (int)left_ms) : 0;
    if (count > 0) {
      return true;
    }
    if (count == 0 || errno != EINTR) {
      errno = count == 0 ? ETIMEDOUT : errno;
      return false;
    }
  }
}

static bool connect_to(const outgoing_way *way, int connection,
                       const struct curl_sockaddr *address) {
  int problem = 0;
  socklen_t size = sizeof problem;
  const int64_t end_ms = text_clock_steady_ms() + ADDRESS_MS;
  const outgoing_way short_way = {.end_ms = end_ms < way->end_ms ? end_ms : way->end_ms};
  if (connect(connection, &address->addr, address->addrlen) == 0) {
    return true;
  }
  if (errno != EINPROGRESS || !wait_for(&short_way, connection, POLLOUT) ||
      getsockopt(connection, SOL_SOCKET, SO_ERROR, &problem, &size) != 0) {
    return false;
  }
  errno = problem;
  return problem == 0;
}

static bool send_all(const outgoing_way *way, int connection, text_slice text) {
  while (text.size > 0) {
    const ssize_t sent = send(connection, text.data, text.size, MSG_NOSIGNAL);
    if (sent > 0) {
      text = text_slice_from(text, (size_t)sent);
    } else if ((errno != EAGAIN && errno != EINTR) || !wait_for(way, connection, POLLOUT)) {
      return false;
    }
  }
  return true;
}

static bool receive_byte(const outgoing_way *way, int connection, char *byte) {
  for (;;) {
    const ssize_t size = recv(connection, byte, 1, 0);
    if (size == 1) {
      return true;
    }
    if (size == 0) {
      errno = ECONNRESET;
      return false;
    }
    if ((errno != EAGAIN && errno != EINTR) || !wait_for(way, connection, POLLIN)) {
      return false;
    }
  }
}

/* Of "HTTP/1.1 200"; 0 for what is none. */
static int status_of(const char *line) {
  int status = 0;
  for (size_t i = STATUS_AT; i < STATUS_END; i++) {
    if (line[i] < '0' || line[i] > '9') {
      return 0;
    }
    status = status * 10 + (line[i] - '0');
  }
  const bool ends = line[STATUS_END] == ' ' || line[STATUS_END] == '\r' || line[STATUS_END] == '\n';
  return ends && memcmp(line, "HTTP/1.", 7) == 0 ? status : 0;
}

/* Reads the head of an answer and not a byte more, for what follows is the store's: so byte by
 * byte, of which there are few. The status, or 0 and errno. */
static int receive_status(const outgoing_way *way, int connection) {
  char start[STATUS_END + 1] = "";
  size_t line_size = 0;
  for (size_t i = 0; i < HEAD_MAX_BYTES; i++) {
    char byte;
    if (!receive_byte(way, connection, &byte)) {
      return 0;
    }
    if (i < sizeof start) {
      start[i] = byte;
    }
    if (byte == '\n' && line_size == 0) {
      break;
    }
    line_size = byte == '\n' ? 0 : line_size + (byte != '\r');
  }
  errno = EPROTO;
  return line_size == 0 ? status_of(start) : 0;
}

static const char *problem_of(int status) {
  if (status == WANTS_CREDENTIALS) {
    return "wants a user and a password, or others than those in its URL";
  }
  return status >= 500 ? "can't reach the host" : "lets nothing through to the host";
}

static bool open_tunnel(outgoing_way *way, int connection) {
  if (!send_all(way, connection, way->connect)) {
    return false;
  }
  way->status = receive_status(way, connection);
  return way->status >= 200 && way->status < 300;
}

/* libcurl's call for a socket: one that leads to the store already. */
static curl_socket_t open_way(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  outgoing_way *way = context;
  (void)purpose;
  way->status = 0;
  const int connection =
      socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
  if (connection >= 0 && connect_to(way, connection, address) &&
      (way->connect.size == 0 || open_tunnel(way, connection))) {
    way->problem = NULL;
    return connection;
  }
  way->problem = way->status > 0 ? problem_of(way->status) : strerror(errno);
  if (connection >= 0) {
    (void)close(connection);
  }
  return CURL_SOCKET_BAD;
}

static int is_connected(void *context, curl_socket_t connection, curlsocktype purpose) {
  (void)context;
  (void)connection;
  (void)purpose;
  return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* host:port of an https:// URL. */
static void append_authority(text_buffer *text, text_slice url) {
  text_slice rest = text_slice_from(url, sizeof "https://" - 1);
  text_slice authority = {NULL, 0};
  (void)text_slice_split(&rest, '/', &authority);
  s3_endpoint_url_append_authority(text, authority, ":443");
}

static text_slice connect_request(const outgoing_proxy *proxy, text_slice url, text_arena *arena) {
  text_buffer text = text_arena_open(arena);
  text_buffer_append_string(&text, "CONNECT ");
  append_authority(&text, url);
  text_buffer_append_string(&text, " HTTP/1.1\r\nHost: ");
  append_authority(&text, url);
  if (proxy->authorization.size > 0) {
    text_buffer_append_string(&text, "\r\nProxy-Authorization: ");
    text_buffer_append(&text, proxy->authorization);
  }
  text_buffer_append_string(&text, "\r\n\r\n");
  return text_arena_close(arena, &text);
}

bool outgoing_way_set(outgoing_way *way, const outgoing_proxy *proxy, CURL *curl, text_slice url,
                      int64_t timeout_ms, text_arena *arena) {
  const bool tunnels = text_slice_starts_with(url, TEXT_LITERAL("https://"));
  *way = (outgoing_way){.end_ms = text_clock_steady_ms() + timeout_ms};
  if (tunnels) {
    way->connect = connect_request(proxy, url, arena);
  }
  text_buffer place = text_arena_open(arena);
  text_buffer_append_string(&place, "::"); /* of whatever host and port */
  text_buffer_append_string(&place, proxy->address);
  text_buffer_append_byte(&place, '\0');
  (void)text_arena_close(arena, &place);
  way->connect_to = (struct curl_slist){place.data, NULL};
  curl_easy_setopt(curl, CURLOPT_CONNECT_TO, &way->connect_to);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_way);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, way);
  curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, is_connected);
  if (!tunnels) {
    curl_easy_setopt(curl, CURLOPT_REQUEST_TARGET, url.data);
  }
  return !place.overflowed && (!tunnels || way->connect.size > 0);
}

bool outgoing_way_failed(outgoing_way *way, const outgoing_proxy *proxy, CURLcode code,
                         int answer_status, char *error) {
  if (answer_status == WANTS_CREDENTIALS) {
    way->status = answer_status;
    way->problem = problem_of(answer_status);
  } else if (way->problem == NULL && code == CURLE_COULDNT_RESOLVE_HOST) {
    way->problem = "its name can't be resolved";
  }
  if (way->problem == NULL) {
    return false;
  }
  if (way->status > 0) {
    (void)snprintf(error, CURL_ERROR_SIZE, "the proxy %s %s (it answered %d)", proxy->address,
                   way->problem, way->status);
  } else {
    (void)snprintf(error, CURL_ERROR_SIZE, "the proxy %s can't be reached: %s", proxy->address,
                   way->problem);
  }
  return true;
}
