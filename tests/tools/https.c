/* https URL ROOTS [CIPHERS]: GETs the URL with ROOTS, a PEM file, as the only trusted roots, and
 * with CIPHERS as libcurl takes them for TLS 1.3. Writes the body, or libcurl's code and message.
 */
#include <curl/curl.h>
#include <stdio.h>

int main(int argc, char **argv) {
  static char roots[64 * 1024];
  char error[CURL_ERROR_SIZE] = "";
  FILE *file = argc > 2 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return 2;
  }
  struct curl_blob blob = {
      .data = roots, .len = fread(roots, 1, sizeof roots, file), .flags = CURL_BLOB_NOCOPY};
  fclose(file);
  CURL *curl = curl_easy_init();
  if (curl == NULL) {
    return 2;
  }
  curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
  curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  if (argc > 3) {
    curl_easy_setopt(curl, CURLOPT_TLS13_CIPHERS, argv[3]);
  }
  CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) {
    printf("%d %s\n", (int)code, error);
  }
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return code == CURLE_OK ? 0 : 1;
}
