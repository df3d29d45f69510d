/* https_threads URL ROOTS: THREADS threads GET the URL ROUNDS times each, all at once and each time
 * on a new connection, with ROOTS as in https.c. Writes how many of the GETs failed. */
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 4 };

static const char *url;
static struct curl_blob roots;
static atomic_int failed;

static size_t drop(char *data, size_t size, size_t count, void *unused) {
  (void)data;
  (void)unused;
  return size * count;
}

static void get(void) {
  CURL *curl = curl_easy_init();
  if (curl == NULL) {
    atomic_fetch_add(&failed, 1);
    return;
  }
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &roots);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
  if (curl_easy_perform(curl) != CURLE_OK) {
    atomic_fetch_add(&failed, 1);
  }
  curl_easy_cleanup(curl);
}

static void *work(void *unused) {
  (void)unused;
  for (int i = 0; i < ROUNDS; i++) {
    get();
  }
  return NULL;
}

int main(int argc, char **argv) {
  static char text[64 * 1024];
  pthread_t threads[THREADS];
  FILE *file = argc > 2 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return 2;
  }
  url = argv[1];
  roots = (struct curl_blob){
      .data = text, .len = fread(text, 1, sizeof text, file), .flags = CURL_BLOB_NOCOPY};
  fclose(file);
  for (int i = 0; i < THREADS; i++) {
    if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
      return 2;
    }
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  curl_global_cleanup();
  printf("%d failed\n", atomic_load(&failed));
  return 0;
}
