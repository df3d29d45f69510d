/* A function whose handler keeps a handle of libcurl for each thread, as a client of
 * another service does: it says when one is given back, and when lambda_run() has
 * returned. */
#include <curl/curl.h>
#include <pthread.h>
#include <time.h>

#include "runtime/lambda.h"

static pthread_key_t key;

/* Takes its time, so that who doesn't wait for it is found out. */
static void give_back(void *handle) {
  const struct timespec pause = {0, 200L * 1000 * 1000};
  (void)nanosleep(&pause, NULL);
  curl_easy_cleanup(handle);
  lambda_log(LAMBDA_LOG_INFO, "given back");
}

static int handle(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  (void)context;
  if (pthread_getspecific(key) == NULL) {
    (void)pthread_setspecific(key, curl_easy_init());
  }
  return lambda_reply_append(reply, invocation->payload);
}

int main(void) {
  (void)pthread_key_create(&key, give_back);
  const int status = lambda_run(NULL, handle, NULL);
  lambda_log(LAMBDA_LOG_INFO, "returned");
  return status;
}
