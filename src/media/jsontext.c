#include "media/jsontext.h"

#include "base/buf.h"
#include "base/instant.h"
#include "base/utf8.h"

json_t *
json_text(const char *s)
{
	json_t *j = s != NULL ? json_string(s) : json_null();
	struct buf b = { 0 };

	if (j != NULL)
		return j;
	utf8_add(&b, s);
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
