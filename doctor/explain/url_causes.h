/* What the URL itself tells. */
#ifndef DOCTOR_URL_CAUSES_H
#define DOCTOR_URL_CAUSES_H

#include "doctor/shared/finding.h"
#include "doctor/shared/signed_url.h"

/* Adds what is wrong with the URL whatever S3 says: cut short, pasted as HTML, ended, ... */
void url_causes_add(finding_list *findings, const signed_url *url, text_arena *arena);
void url_expiry_add(finding_list *findings, const signed_url *url, int64_t now_seconds,
                    text_arena *arena);

#endif
