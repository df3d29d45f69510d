/* The causes that the evidence shows, as far as `explain` knows them. */
#ifndef DOCTOR_EXPLAIN_CAUSES_H
#define DOCTOR_EXPLAIN_CAUSES_H

#include "explain_work.h"

/* Adds what the evidence shows, or what it makes likely; nothing when it shows nothing. */
void explain_find_causes(explain_work *work);

#endif
