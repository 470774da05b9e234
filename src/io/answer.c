#include "io/answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arith.h"
#include "base/instant.h"

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

json_t *
json_text(const char *s)
{
	json_t *j = s != NULL ? json_string(s) : json_null();
	struct buf b = { 0 };

	if (j != NULL)
		return j;
	for (; *s != '\0'; s++)
		buf_addf(&b, "%c", (unsigned char)*s < 0x80 ? *s : '?');
	j = json_string(buf_str(&b));
	buf_fini(&b);
	return j;
}

json_t *
json_instant(int64_t ns)
{
	char text[INSTANT_TEXT];

	instant_print(text, ns);
	return json_string(text);
}
