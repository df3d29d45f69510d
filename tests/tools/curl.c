/* curl: what libcurl says that it has been built with, a word a line. */
#include <curl/curl.h>
#include <stdio.h>

int main(void) {
  const curl_version_info_data *built = curl_version_info(CURLVERSION_NOW);
  for (const char *const *protocol = built->protocols; *protocol != NULL; protocol++) {
    printf("protocol %s\n", *protocol);
  }
  for (const char *const *feature = built->feature_names; *feature != NULL; feature++) {
    printf("feature %s\n", *feature);
  }
  return 0;
}
