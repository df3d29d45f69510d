/* What can be found out with the secret that signed: which request the signature is of. */
#ifndef DOCTOR_CREDENTIALS_H
#define DOCTOR_CREDENTIALS_H

#include "request_text.h"
#include "s3/signer.h"

/* Whether `canonical`, a canonical request, has the URL's signature under this secret. */
bool credentials_fit(const s3_credentials *credentials, const signed_url *url, text_slice canonical,
                     text_arena *arena);

/* Looks for the request that was signed among those that are near to what was sent: other methods,
 * usual content types, other encodings of the key. Its canonical request, in the arena; null data
 * when none fits. */
text_slice credentials_search(const s3_credentials *credentials, const signed_url *url,
                              const request_facts *sent, text_arena *arena);

#endif
