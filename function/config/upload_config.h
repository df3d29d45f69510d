/* What the service is told to do: read and checked by config.h, and constant from then on.
 *
 * docs/configuration.md describes each variable for users.
 */
#ifndef FUNCTION_UPLOAD_CONFIG_H
#define FUNCTION_UPLOAD_CONFIG_H

#include "s3/endpoint.h"
#include "s3/signer.h"
#include "text/arena.h"

/* The largest object that one PUT can make, and the largest object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
#define CONFIG_PUT_MAX_BYTES (5LL * 1024 * 1024 * 1024)
#define CONFIG_OBJECT_MAX_BYTES (50LL * 1024 * 1024 * 1024 * 1024)

/* Secrets of one use: the first is the one, a second one is about to be, or was, replaced. */
enum { CONFIG_SECRETS_MAX = 2, CONFIG_SECRET_MIN_BYTES = 32 };

typedef struct config_secrets {
  text_slice list[CONFIG_SECRETS_MAX];
  size_t count; /* 0: not set */
} config_secrets;

/* Gives an environment variable's value, or null when it is not set; getenv() is one. */
typedef char *config_lookup(const char *name);

/* The HTTP proxy that requests go through (config_proxy.h). */
typedef struct config_proxy {
  text_slice address;       /* host:port, with a NUL behind it; empty: there is none */
  text_slice authorization; /* of its credentials, as Proxy-Authorization has them; or empty */
} config_proxy;

/* Who may narrow what content types are allowed: the configuration, the authorizer and the app. */
enum { UPLOAD_TYPES_LISTS_MAX = 3 };

/* What an upload may be. The configuration has one for the deployment, and one for each profile;
 * a request may be held to less, never to more. */
typedef struct upload_rules {
  text_slice profile; /* its name; empty: there are no profiles */
  text_slice key_template;
  int64_t expires_seconds;
  int64_t max_bytes;                        /* 0: no cap of ours */
  text_slice types[UPLOAD_TYPES_LISTS_MAX]; /* comma-separated, checked: each list must allow */
  size_t types_count;
  bool require_size;
  bool require_sha256;
  bool deny_overwrite;
  bool form_is_put; /* /s3/params answers a PUT: the store has no POST Object */
  bool downloads;
  text_slice tags;          /* as x-amz-tagging has them; empty: none */
  text_slice disposition;   /* of Content-Disposition; empty: none */
  text_slice cache_control; /* empty: none */
} upload_rules;

/* How the page signs its user in; empty: it does not. */
typedef struct config_login {
  text_slice issuer;
  text_slice client_id;
  text_slice origins; /* which the page may reach for that, each with a space before it */
} config_login;

typedef struct upload_config {
  s3_credentials credentials;
  text_slice region;
  text_slice bucket;
  s3_endpoint endpoint;
  upload_rules rules;           /* of the deployment, which profiles start from */
  const upload_rules *profiles; /* when there are any, each request must name one */
  size_t profile_count;
  text_slice key_start;      /* of UPLOAD_KEY, up to its first placeholder: no key is outside */
  text_slice origins;        /* comma-separated, checked */
  bool credentials_of_pages; /* pages of these origins may call with cookies */
  bool page;
  text_slice page_origins; /* comma-separated: where the page is, beside the API's own address */
  config_login login;
  bool require_caller;         /* only callers whom an authorizer let in */
  text_slice sse;              /* empty: the bucket's default */
  text_slice sse_kms_key;      /* empty: the account's default key */
  config_secrets seal_secrets; /* the first one seals; none: no multipart uploads */
  text_slice ca_bundle;        /* a file's name, with a NUL behind it */
  config_proxy proxy;          /* on the way to the store */
  text_slice ask_url;          /* where the app is asked; empty: it is not */
  int64_t ask_timeout_ms;
  config_secrets webhook_secrets; /* as bytes; each signs what the app is asked */
  config_proxy ask_proxy;         /* on the way to the app */
  config_secrets receipt_secrets; /* the first one signs; none: no receipts */
  text_slice receipt_subject;     /* the claim that a receipt names its caller by; empty: not set */
} upload_config;

#endif
