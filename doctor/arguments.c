#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "countersign-doctor says why S3 refused a request, and what a bucket needs for uploads by\n"
    "browsers. Nothing that it prints has a secret, a token or a signature.\n"
    "\n"
    "countersign-doctor explain [options] URL [ERROR.xml | -]\n"
    "  URL                  the signed URL, as it was sent, in quotes\n"
    "  ERROR.xml, -         the body of S3's answer, in a file or on standard input\n"
    "  --reply FILE         what Countersign answered (JSON): its url, method and headers are "
    "what\n"
    "                       was signed. URL may then be left out\n"
    "  --method METHOD      the method that was sent\n"
    "  --header 'N: VALUE'  a header that was sent; with one of these two, name all that was sent\n"
    "\n"
    "  With AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, those that signed, in the environment it\n"
    "  also finds out what was signed.\n"
    "\n"
    "countersign-doctor check --bucket NAME [options]\n"
    "  --origin ORIGIN      of the page that uploads: https://app.example.com, without a path\n"
    "  --region REGION      of the bucket (AWS_REGION, AWS_DEFAULT_REGION)\n"
    "  --endpoint URL       of a store that is not AWS (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL)\n"
    "  --path-style         https://host/bucket/key, not https://bucket.host/key\n"
    "  --try-uploads PREFIX writes a dozen small objects under PREFIX, where uploads go "
    "(uploads/),\n"
    "                       to see what the store takes beside what was signed, and deletes them\n"
    "\n"
    "  Credentials as the SDKs read them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,\n"
    "  AWS_SESSION_TOKEN. They may read the bucket's settings: s3:GetBucketCORS,\n"
    "  s3:GetBucketLocation, s3:GetLifecycleConfiguration, s3:GetEncryptionConfiguration,\n"
    "  s3:GetBucketObjectLockConfiguration. --try-uploads needs those that the function signs "
    "with,\n"
    "  and s3:DeleteObject.\n"
    "  AWS_CA_BUNDLE names a file of certificates for https. Proxies are those of HTTPS_PROXY (of\n"
    "  http_proxy for http) and not for the hosts of NO_PROXY.\n"
    "\n"
    "Exit status: 0 a cause was named, or all is well; 1 no cause could be named, or there is\n"
    "something to change or that could not be checked; 2 wrong use.\n";

enum option_id {
  OPTION_HELP = 1,
  OPTION_REPLY,
  OPTION_METHOD,
  OPTION_HEADER,
  OPTION_BUCKET,
  OPTION_REGION,
  OPTION_ENDPOINT,
  OPTION_ORIGIN,
  OPTION_PATH_STYLE,
  OPTION_TRY_UPLOADS
};

void arguments_append_help(text_buffer *text) {
  text_buffer_append_string(text, help);
}

/* Says nothing of what was given: it can be a signed URL at the wrong place. */
static bool refuse(const char *what, const char *which) {
  (void)fprintf(stderr, "countersign-doctor: %s%s; see --help\n", what, which);
  return false;
}

static bool add_header(doctor_arguments *arguments, const char *text) {
  text_slice value = text_slice_of(text);
  text_slice name = {NULL, 0};
  (void)text_slice_split(&value, ':', &name);
  if (value.data == NULL || name.size == 0) {
    return refuse("a header is given as 'Name: value'", "");
  }
  if (arguments->header_count == S3_HEADERS_MAX) {
    return refuse("too many headers", "");
  }
  arguments->headers[arguments->header_count++] =
      (text_pair){text_slice_trim(name), text_slice_trim(value)};
  return true;
}

/* The options of the other command are as unknown as any. */
static bool belongs(const doctor_arguments *arguments, int option) {
  const bool of_explain =
      option == OPTION_REPLY || option == OPTION_METHOD || option == OPTION_HEADER;
  return option == OPTION_HELP || of_explain == (arguments->command == COMMAND_EXPLAIN);
}

static bool take_option(doctor_arguments *arguments, int option) {
  switch (option) {
  case OPTION_HELP:
    arguments->command = COMMAND_HELP;
    return true;
  case OPTION_REPLY:
    arguments->reply_path = optarg;
    return true;
  case OPTION_METHOD:
    arguments->method = text_slice_of(optarg);
    return true;
  case OPTION_HEADER:
    return add_header(arguments, optarg);
  case OPTION_BUCKET:
    arguments->bucket = text_slice_of(optarg);
    return true;
  case OPTION_REGION:
    arguments->region = text_slice_of(optarg);
    return true;
  case OPTION_ENDPOINT:
    arguments->endpoint = text_slice_of(optarg);
    return true;
  case OPTION_ORIGIN:
    arguments->origin = text_slice_of(optarg);
    return true;
  case OPTION_PATH_STYLE:
    arguments->path_style = true;
    return true;
  case OPTION_TRY_UPLOADS:
    arguments->try_prefix = text_slice_of(optarg);
    return true;
  default:
    return refuse("unknown option", "");
  }
}

/* A URL that was copied without its scheme is one as well, and not a file's name. */
static bool looks_like_url(const char *operand) {
  return strstr(operand, "://") != NULL || strchr(operand, '?') != NULL ||
         strcasestr(operand, "X-Amz-") != NULL;
}

/* A URL, or the file of an error. */
static bool take_operand(doctor_arguments *arguments, const char *operand) {
  if (arguments->command != COMMAND_EXPLAIN) {
    return refuse("check takes options only", "");
  }
  if (looks_like_url(operand) && arguments->url.size == 0) {
    arguments->url = text_slice_of(operand);
    return true;
  }
  if (!looks_like_url(operand) && arguments->error_path == NULL) {
    arguments->error_path = operand;
    return true;
  }
  return refuse("explain takes one URL and the file of one error", "");
}

static bool check(const doctor_arguments *arguments) {
  if (arguments->command == COMMAND_CHECK && arguments->bucket.size == 0) {
    return refuse("check needs --bucket", "");
  }
  if (arguments->command == COMMAND_EXPLAIN && arguments->url.size == 0 &&
      arguments->error_path == NULL && arguments->reply_path == NULL) {
    return refuse("explain needs a URL or the file of an error", "");
  }
  return true;
}

static bool read_options(doctor_arguments *arguments, int count, char **strings) {
  static const struct option options[] = {
      {"help", no_argument, NULL, OPTION_HELP},
      {"reply", required_argument, NULL, OPTION_REPLY},
      {"method", required_argument, NULL, OPTION_METHOD},
      {"header", required_argument, NULL, OPTION_HEADER},
      {"bucket", required_argument, NULL, OPTION_BUCKET},
      {"region", required_argument, NULL, OPTION_REGION},
      {"endpoint", required_argument, NULL, OPTION_ENDPOINT},
      {"origin", required_argument, NULL, OPTION_ORIGIN},
      {"path-style", no_argument, NULL, OPTION_PATH_STYLE},
      {"try-uploads", required_argument, NULL, OPTION_TRY_UPLOADS},
      {NULL, 0, NULL, 0}};
  int option = 0;
  int index = 0;
  opterr = 0; /* its words show what was given */
  while (arguments->command != COMMAND_HELP &&
         (option = getopt_long(count, strings, "", options, &index)) != -1) {
    if (option == '?') {
      return refuse("an option is unknown, or has no value, or has one and takes none", "");
    }
    if (!belongs(arguments, option)) {
      return refuse("this option is the other command's: --", options[index].name);
    }
    if (!take_option(arguments, option)) {
      return false;
    }
  }
  for (int i = optind; arguments->command != COMMAND_HELP && i < count; i++) {
    if (!take_operand(arguments, strings[i])) {
      return false;
    }
  }
  return check(arguments);
}

static doctor_command command_of(const char *name) {
  static const struct {
    const char *name;
    doctor_command command;
  } commands[] = {{"explain", COMMAND_EXPLAIN},
                  {"check", COMMAND_CHECK},
                  {"help", COMMAND_HELP},
                  {"--help", COMMAND_HELP},
                  {"-h", COMMAND_HELP}};
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(name, commands[i].name) == 0) {
      return commands[i].command;
    }
  }
  return COMMAND_NONE;
}

doctor_arguments arguments_read(int count, char **strings) {
  doctor_arguments arguments = {.command = count > 1 ? command_of(strings[1]) : COMMAND_NONE};
  if (arguments.command == COMMAND_NONE) {
    (void)refuse("a command is explain or check", "");
    return arguments;
  }
  if (arguments.command != COMMAND_HELP && !read_options(&arguments, count - 1, strings + 1)) {
    arguments.command = COMMAND_NONE;
  }
  return arguments;
}
