#include "config_reading.h"

void config_complain(config_reading *reading, const char *name, const char *problem) {
  text_buffer_append_string(reading->problems, reading->problems->size > 0 ? "\n" : "");
  text_buffer_append_string(reading->problems, name);
  text_buffer_append_string(reading->problems, ": ");
  text_buffer_append_string(reading->problems, problem);
}
