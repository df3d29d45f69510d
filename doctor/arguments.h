/* The command line. */
#ifndef DOCTOR_ARGUMENTS_H
#define DOCTOR_ARGUMENTS_H

#include "s3/presign.h"

typedef enum doctor_command {
  COMMAND_NONE,
  COMMAND_HELP,
  COMMAND_EXPLAIN,
  COMMAND_CHECK
} doctor_command;

/* Strings of the command line; null or empty where nothing was given. */
typedef struct doctor_arguments {
  doctor_command command;
  /* explain */
  text_slice url;
  const char *error_path; /* "-": standard input */
  const char *reply_path;
  text_slice method;
  text_pair headers[S3_HEADERS_MAX];
  size_t header_count;
  /* check */
  text_slice bucket;
  text_slice region;
  text_slice endpoint;
  text_slice origin;
  bool path_style;
  text_slice try_prefix; /* null data: nothing is written */
} doctor_arguments;

/* COMMAND_NONE for what is no command; what is wrong was then told on standard error. */
doctor_arguments arguments_read(int count, char **strings);

/* Appends what --help shows. */
void arguments_append_help(text_buffer *text);

#endif
