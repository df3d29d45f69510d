/* Lines of NAME=value: an environment, its configuration, and a request to the
 * function that has it. The secrets get a mark that no problem may show. */
#include "function/admission/key.h"
#include "function/function.h"
#include "http/json_tree.h"
#include "support.h"
#include "tests/unit/function/environment.h"

#define MARK "SECRET~"
#define BASE64_MARK "whsec_SECRET"

/* The known name that `name` is, or null. */
static const char *known(text_slice name) {
  const char *const *names;
  const size_t count = environment_names(&names);
  for (size_t i = 0; i < count; i++) {
    if (text_slice_equal(name, text_slice_of(names[i]))) {
      return names[i];
    }
  }
  return NULL;
}

static bool is_secret(const char *variable) {
  return strstr(variable, "SECRET") != NULL || strcmp(variable, "AWS_SESSION_TOKEN") == 0;
}

/* A secret that is base64 is one with the mark too. */
static const char *mark_of(const char *variable) {
  if (strcmp(variable, "UPLOAD_WEBHOOK_SECRET") == 0) {
    return BASE64_MARK;
  }
  return is_secret(variable) ? MARK : "";
}

static void set_all(text_slice input) {
  static char value[ENVIRONMENT_VALUE_MAX];
  text_slice line;
  environment_reset();
  while (text_slice_split(&input, '\n', &line)) {
    text_slice text = line;
    text_slice name;
    (void)text_slice_split(&text, '=', &name);
    const char *variable = known(name);
    if (variable != NULL) {
      (void)snprintf(value, sizeof value, "%s%.*s", mark_of(variable), (int)text.size,
                     text.size ? text.data : "");
      environment_set(variable, value);
    }
  }
}

/* The fuzzer learns the mark from this very search, and gives a profile that name. */
static bool shows(text_slice problems, const char *mark, text_slice input) {
  return !contains(input, text_slice_of(mark)) && contains(problems, text_slice_of(mark));
}

static void check_problems(text_slice problems, text_slice input) {
  text_slice line;
  MUST(problems.size > 0);
  MUST(!shows(problems, MARK, input));
  MUST(!shows(problems, BASE64_MARK, input));
  MUST(!shows(problems, SAMPLE_SECRET, input));
  while (text_slice_split(&problems, '\n', &line)) {
    text_slice problem = line;
    text_slice name;
    MUST(text_slice_split(&problem, ':', &name) && known(name) != NULL);
    MUST(problem.size > 5);
  }
}

/* A configuration that is taken can sign: whatever it is, no request ends in 500. */
static void check_signs(const upload_config *config, text_arena *arena) {
  static const char event[] =
      "{\"rawPath\":\"/signed_url\",\"rawQueryString\":\"file_name=a.txt&size=1&sha256="
      "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM%3D\","
      "\"requestContext\":{\"http\":{\"method\":\"GET\"}}}";
  static char out_storage[64 * 1024];
  upload_function function;
  text_buffer out;
  MUST(function_init(&function, config, arena));
  const function_inputs inputs = {.event = text_slice_of(event), .time_seconds = 1774958400};
  text_buffer_init(&out, out_storage, sizeof out_storage);
  MUST(function_handle(&function, &inputs, arena, &out) == NULL);
  MUST(!out.overflowed);
  const cJSON *reply = http_json_parse(text_buffer_slice(&out), arena);
  const int status = http_json_member(reply, "statusCode")->valueint;
  /* No profile is named, and there is no app to be asked. */
  MUST(status == 200 || status == 403 || status == 413 ||
       (status == 404 && config->profile_count > 0) || (status == 503 && config->ask_url.size > 0));
  if (status == 200) {
    const cJSON *body = http_json_parse(http_json_text(http_json_member(reply, "body")), arena);
    check_signed_url(http_json_text(http_json_member(body, "url")), config->endpoint.origin);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[512 * 1024];
  upload_config config;
  text_arena arena;
  set_all(input_of(data, size));
  text_arena_init(&arena, memory, sizeof memory);
  const char *problems = environment_read(&config, &arena);
  if (problems != NULL) {
    check_problems(text_slice_of(problems), input_of(data, size));
    return 0;
  }
  MUST(config.rules.expires_seconds >= 1 && config.rules.expires_seconds <= 604800);
  MUST(key_template_problem(config.rules.key_template) == NULL);
  for (size_t i = 0; i < config.profile_count; i++) {
    const upload_rules *rules = &config.profiles[i];
    MUST(rules->profile.size >= 1 && rules->profile.size <= 32);
    MUST(rules->expires_seconds >= 1 && rules->expires_seconds <= 604800);
    MUST(key_template_problem(rules->key_template) == NULL);
    MUST(text_slice_starts_with(rules->key_template, config.key_start));
  }
  check_signs(&config, &arena);
  return 0;
}
