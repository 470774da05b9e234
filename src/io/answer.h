/* answer.h - answers made of text and JSON. */

#ifndef IO_ANSWER_H
#define IO_ANSWER_H

#include <jansson.h>
#include <stdint.h>

#include "io/http.h"

/* One line of text; a newline is added. */
void answer_text(struct http_answer *a, int status, const char *text);

/* Takes doc over. */
void answer_json(struct http_answer *a, int status, json_t *doc);

/* Players on other sites' pages may have it: it is what everybody may have whom
 * the gate lets in, and nothing here goes by cookies. */
void answer_anywhere(struct http_answer *a);

/* {"done": true} */
void answer_done(struct http_answer *a);

#endif
