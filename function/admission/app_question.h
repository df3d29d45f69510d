/* What the app is asked before an upload is signed. docs/app.md describes it for users. */
#ifndef FUNCTION_APP_QUESTION_H
#define FUNCTION_APP_QUESTION_H

#include "admission.h"

typedef struct app_question {
  const upload_request *request;
  const admitted_upload *upload; /* by the rules so far */
  const http_claims *caller;
  text_slice request_id;
} app_question;

/* Appends the question as a JSON object. What is not known is left out. */
void app_question_append(text_buffer *json, const app_question *question);

#endif
