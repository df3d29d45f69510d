/* The whole configuration of mbedTLS, installed as mbedtls/mbedtls_config.h: SHA-256, and a TLS client for libcurl.
 *
 * TLS 1.2 and 1.3, with ECDHE over X25519, P-256 and P-384, certificates of RSA and ECDSA, AES-GCM and
 * ChaCha20-Poly1305, SHA-256 and SHA-384. No server, no DTLS, no renegotiation, no session tickets, and no static RSA,
 * CBC or SHA-1. Whoever includes a header of mbedTLS must see this very file: it decides the size of structures.
 */
#ifndef COUNTERSIGN_MBEDTLS_CONFIG_H
#define COUNTERSIGN_MBEDTLS_CONFIG_H

/* ---- SHA-256 */

#define MBEDTLS_SHA256_C

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
/* mbedTLS looks once for what the processor can do, without a lock. That is harmless, and would be reported. */
#define COUNTERSIGN_NO_HARDWARE
#endif
#endif

#if defined(__aarch64__) && !defined(COUNTERSIGN_NO_HARDWARE)
/* Uses the processor's SHA-256 instructions where it has them (every Graviton has). */
#define MBEDTLS_SHA256_USE_ARMV8_A_CRYPTO_IF_PRESENT
#endif

#if defined(__x86_64__)
/* THE SWITCH for SHA-NI: mbedTLS has no code for it. With the next line in force, the library has no block function on
 * x86_64, and the program must define one, for processors with SHA-NI and for those without:
 *   int mbedtls_internal_sha256_process(mbedtls_sha256_context *context, const unsigned char block[64]);
 * All else of mbedtls/sha256.h stays as it is, and TLS uses that function too. */
/* #define MBEDTLS_SHA256_PROCESS_ALT */
#endif

/* ---- The platform */

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE /* without it, no certificate would ever expire */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY /* mbedtls_platform_set_calloc_free() */
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD
#define MBEDTLS_DEPRECATED_REMOVED

/* tools/mbedtls_random.c is the generator; libcurl asks for CTR_DRBG by name. */
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_CTR_DRBG_C

/* ---- TLS */

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE  /* TLS 1.3 needs it */
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096   /* a longer request is more records; what comes in may be 16 kB as ever */

/* Listed, because mbedTLS otherwise makes the list at first use, which is a race between threads. */
#define MBEDTLS_SSL_CIPHERSUITES                                                                                       \
  MBEDTLS_TLS1_3_AES_128_GCM_SHA256, MBEDTLS_TLS1_3_AES_256_GCM_SHA384, MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,       \
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,                    \
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,                    \
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256

#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED

#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE /* some firewalls let nothing else through */
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#define MBEDTLS_HKDF_C

/* TLS 1.3 calls PSA, and libcurl does at its start. */
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_KEY_SLOT_COUNT 256       /* some for each handshake under way; takes nothing at the start */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS /* PSA is in our own process: no copies for fear of another */

/* ---- Certificates and their keys. Nothing here has a private key of RSA. */

#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_OID_C
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_RSA_C
#define MBEDTLS_RSA_NO_CRT
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

#define MBEDTLS_ECP_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0 /* its tables are 8 kB, for 0.4 ms less of a handshake over P-256 */

/* ---- Ciphers and hashes. The processor's AES where it has one, and small tables where not. */

#define MBEDTLS_AES_C
#if !defined(COUNTERSIGN_NO_HARDWARE)
#define MBEDTLS_AESNI_C
#define MBEDTLS_AESCE_C
#endif
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM only encrypts blocks */
#define MBEDTLS_CIPHER_C
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_SMALLER

#endif
