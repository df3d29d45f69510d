/* The configuration: the environment, read and checked whole at the start.
 *
 * docs/configuration.md describes each variable for users.
 */
#ifndef FUNCTION_CONFIG_H
#define FUNCTION_CONFIG_H

#include "runtime/text/arena.h"
#include "s3/endpoint.h"
#include "s3/signer.h"
#include "seal.h"

/* The largest object that one PUT can make, and the largest object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
#define CONFIG_PUT_MAX_BYTES (5LL * 1024 * 1024 * 1024)
#define CONFIG_OBJECT_MAX_BYTES (50LL * 1024 * 1024 * 1024 * 1024)

typedef struct upload_config {
  s3_credentials credentials;
  text_slice region;
  text_slice bucket;
  s3_endpoint endpoint;
  text_slice key_template;
  int64_t expires_seconds;
  int64_t max_bytes;  /* 0: no cap of ours */
  text_slice types;   /* comma-separated, checked */
  text_slice origins; /* comma-separated, checked */
  bool require_size;
  bool require_sha256;
  bool deny_overwrite;
  bool form_is_put; /* /s3/params answers a PUT: the store has no POST Object */
  bool downloads;
  bool page;
  text_slice tags;                           /* as x-amz-tagging has them; empty: none */
  text_slice sse;                            /* empty: the bucket's default */
  text_slice sse_kms_key;                    /* empty: the account's default key */
  text_slice seal_secrets[SEAL_SECRETS_MAX]; /* the first one seals */
  size_t seal_secret_count;                  /* 0: no multipart uploads */
  text_slice ca_bundle;                      /* a file's name, with a NUL behind it */
} upload_config;

/* Gives a variable's value, or null when it is not set; getenv() is one. */
typedef char *config_lookup(const char *name);

/* Reads all variables. The texts that `lookup` gives must outlive `config`; what
 * is derived goes into `arena`. False when anything is wrong: then each problem
 * was appended to `problems`, a line each, and none has a variable's value that
 * could be a secret. */
bool config_read(upload_config *config, config_lookup *lookup, text_arena *arena,
                 text_buffer *problems);

#endif
