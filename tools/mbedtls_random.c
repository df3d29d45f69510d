/* All random numbers are the kernel's.
 *
 * mbedTLS, and libcurl in its use of it, expect generators that are seeded in the process. Seeding
 * them took 60 us of each start, whether TLS is used or not, and a process that is restored from a
 * snapshot would go on with a copied state. The functions below take the places of mbedTLS's
 * ctr_drbg.c and entropy.c, which are not in the library. They keep no state, so any number of
 * threads may call them.
 */
#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <psa/crypto.h>
#include <sys/random.h>

static int from_kernel(unsigned char *output, size_t size) {
  while (size > 0) {
    ssize_t got = getrandom(output, size, 0);
    if (got < 0 && errno != EINTR) {
      return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    }
    if (got > 0) {
      output += got;
      size -= (size_t)got;
    }
  }
  return 0;
}

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context,
                                             uint8_t *output, size_t output_size,
                                             size_t *output_length) {
  (void)context;
  *output_length = output_size;
  return from_kernel(output, output_size) == 0 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}

int mbedtls_ctr_drbg_random(void *p_rng, unsigned char *output, size_t output_len) {
  (void)p_rng;
  return from_kernel(output, output_len);
}

int mbedtls_entropy_func(void *data, unsigned char *output, size_t len) {
  (void)data;
  return from_kernel(output, len);
}

/* Nothing to set up, and nothing to give back. */

void mbedtls_entropy_init(mbedtls_entropy_context *ctx) {
  (void)ctx;
}

void mbedtls_entropy_free(mbedtls_entropy_context *ctx) {
  (void)ctx;
}

void mbedtls_ctr_drbg_init(mbedtls_ctr_drbg_context *ctx) {
  (void)ctx;
}

void mbedtls_ctr_drbg_free(mbedtls_ctr_drbg_context *ctx) {
  (void)ctx;
}

int mbedtls_ctr_drbg_seed(mbedtls_ctr_drbg_context *ctx,
                          int (*f_entropy)(void *, unsigned char *, size_t), void *p_entropy,
                          const unsigned char *custom, size_t len) {
  (void)ctx;
  (void)f_entropy;
  (void)p_entropy;
  (void)custom;
  (void)len;
  return 0;
}

void mbedtls_ctr_drbg_set_prediction_resistance(mbedtls_ctr_drbg_context *ctx, int resistance) {
  (void)ctx;
  (void)resistance;
}
