#include "config_reading.h"

#include "config_values.h"

void config_complain(config_reading *reading, const char *name, const char *problem) {
  text_buffer_append_string(reading->problems, reading->problems->size > 0 ? "\n" : "");
  text_buffer_append_string(reading->problems, name);
  text_buffer_append_string(reading->problems, ": ");
  text_buffer_append_string(reading->problems, problem);
}

bool config_read_secrets(text_slice value, config_secrets *secrets) {
  text_slice rest = value;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    const text_slice secret = text_slice_trim(piece);
    if (secrets->count == CONFIG_SECRETS_MAX || secret.size < CONFIG_SECRET_MIN_BYTES ||
        !value_is_printable(secret, 1024)) {
      return false;
    }
    secrets->list[secrets->count++] = secret;
  }
  return true;
}
