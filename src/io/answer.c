#include "io/answer.h"

#include <stdio.h>
#include <stdlib.h>

void
answer_text(struct http_answer *a, int status, const char *text)
{
	a->status = status;
	a->type = "text/plain; charset=utf-8";
	buf_addf(&a->body, "%s\n", text);
}

void
answer_json(struct http_answer *a, int status, json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);

	a->status = status;
	a->type = "application/json";
	if (text != NULL)
		buf_addf(&a->body, "%s\n", text);
	free(text);
	json_decref(doc);
}

void
answer_anywhere(struct http_answer *a)
{
	buf_adds(&a->fields, "Access-Control-Allow-Origin: *\r\n");
}

void
answer_done(struct http_answer *a)
{
	answer_json(a, 200, json_pack("{s:b}", "done", 1));
}
