/* GET / and the files of the upload page (web/), when UPLOAD_PAGE is on, and what it is told.
 *
 * The files are part of the executable.
 */
#ifndef FUNCTION_PAGE_H
#define FUNCTION_PAGE_H

#include "call.h"

http_error page_get(const function_call *call, http_reply *reply);
http_error page_get_style(const function_call *call, http_reply *reply);
http_error page_get_script(const function_call *call, http_reply *reply);
http_error page_get_messages(const function_call *call, http_reply *reply);
http_error page_get_uploader(const function_call *call, http_reply *reply);
http_error page_get_login(const function_call *call, http_reply *reply);
http_error page_get_worker(const function_call *call, http_reply *reply);

/* /page.json: what may be uploaded here, which the page shows before a file is chosen, and who
 * signs its user in. */
http_error page_get_configuration(const function_call *call, http_reply *reply);

#endif
