/* tls_start: whether mbedTLS's PSA is set up, before libcurl's global start, after it, and when a
 * connection wanted TLS, which is refused. */
#include <curl/curl.h>
#include <psa/crypto.h>
#include <stdio.h>

static void tell(const char *when) {
  unsigned char byte;
  printf("%s: %s\n", when, psa_generate_random(&byte, 1) == PSA_SUCCESS ? "set up" : "not yet");
}

int main(int argc, char **argv) {
  tell("at first");
  if (argc < 2 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return 2;
  }
  tell("started");
  CURL *curl = curl_easy_init();
  if (curl == NULL) {
    return 2;
  }
  curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  (void)curl_easy_perform(curl);
  tell("connected");
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return 0;
}
