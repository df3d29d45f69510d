/* Which HTTP proxy a URL is reached through, by the environment variables that curl and the SDKs
 * read.
 *
 * https_proxy or HTTPS_PROXY is for https:// URLs. For http:// it is http_proxy, in lower case
 * only: where a program serves HTTP by CGI, a client can set HTTP_PROXY by a header. no_proxy or
 * NO_PROXY has the hosts that are reached without.
 * Source: https://everything.curl.dev/usingcurl/proxies/env.html
 */
#ifndef FUNCTION_CONFIG_PROXY_H
#define FUNCTION_CONFIG_PROXY_H

#include "upload_config.h"

/* Finds the proxy for `url`, which is http:// or https://; what is kept goes into `arena`. A proxy
 * is http://[user:password@]host[:port], where the user and password may be percent-encoded and the
 * port is 80 when it is left out.
 *
 * no_proxy is "*" or a list with commas between: host names, which stand for those below them too,
 * and IP addresses or IPv4 networks (10.0.0.0/8).
 *
 * Null, or what `*variable` must be, without a word of what it is. A variable that is not used for
 * this URL is not looked at. */
const char *config_proxy_choose(config_proxy *proxy, config_lookup *lookup, text_slice url,
                                const char **variable, text_arena *arena);

#endif
