#include "ctl_library.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/utf8.h"
#include "media/jsontext.h"

int
ctl_library_print(struct buf *out)
{
	if (out->len != 0)
		fwrite(out->data, 1, out->len, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("retrovuectl: cannot write");
	return 1;
}

int
ctl_library_print_json(json_t *object)
{
	char *text = json_dumps(object, JSON_INDENT(2));
	struct buf out = { 0 };
	int rc;

	buf_adds(&out, text != NULL ? text : "{}");
	buf_adds(&out, "\n");
	rc = ctl_library_print(&out);
	buf_fini(&out);
	free(text);
	json_decref(object);
	return rc;
}

void
ctl_library_set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text != NULL && *text != '\0' ?
	    json_text(text) : json_null());
}

/* RFC 8089 over RFC 3986 2.3: unreserved characters as they are. */
static void
add_uri(struct buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/";

	buf_adds(out, "file://");
	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL)
			buf_add(out, path, 1);
		else
			buf_addf(out, "%%%02X", (unsigned char)*path);
	}
}

void
ctl_library_set_path(json_t *object, const char *path)
{
	struct buf uri = { 0 };

	json_object_set_new(object, "path", json_text(path));
	if (utf8_is_valid(path))
		return;
	add_uri(&uri, path);
	json_object_set_new(object, "path_uri", json_string(buf_str(&uri)));
	buf_fini(&uri);
}

void
ctl_library_add_time(struct buf *out, int64_t us)
{
	int64_t s = us / US_PER_S;

	buf_addf(out, "%" PRId64 ":%02d:%02d.%03d", s / 3600,
	    (int)(s / 60 % 60), (int)(s % 60), (int)(us % US_PER_S / 1000));
}

json_t *
ctl_library_lulls(const struct asset *a)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < a->nlulls; i++) {
		const struct asset_lull *l = &a->lulls[i];
		struct buf at = { 0 };

		ctl_library_add_time(&at, l->at_us);
		o = json_object();
		json_object_set_new(o, "at", json_string(buf_str(&at)));
		json_object_set_new(o, "at_us", json_integer(l->at_us));
		json_object_set_new(o, "black", json_boolean(l->black));
		json_object_set_new(o, "silent", json_boolean(l->silent));
		json_array_append_new(list, o);
		buf_fini(&at);
	}
	return list;
}
