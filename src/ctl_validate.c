#include "ctl_validate.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ctl_library.h"

static json_t *
item_json(const struct err_item *it)
{
	json_t *o = json_object();

	json_object_set_new(o, "file", it->file != NULL ?
	    ctl_library_text(it->file) : json_null());
	json_object_set_new(o, "line", json_integer(it->line));
	json_object_set_new(o, "column", json_integer(it->column));
	json_object_set_new(o, "text", ctl_library_text(it->text));
	return o;
}

static json_t *
list_json(const struct errs *e, bool warnings)
{
	size_t n;
	const struct err_item **sorted = errs_sorted(e, &n);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if ((sorted[i]->warning != 0) == warnings)
			json_array_append_new(list, item_json(sorted[i]));
	free(sorted);
	return list;
}

void
ctl_validate_json(const struct errs *e, size_t channels, struct buf *out)
{
	json_t *o = json_object();
	char *text;

	json_object_set_new(o, "ok", json_boolean(e->faults == 0));
	json_object_set_new(o, "channels", json_integer((json_int_t)channels));
	json_object_set_new(o, "total_faults",
	    json_integer((json_int_t)e->faults));
	json_object_set_new(o, "faults", list_json(e, false));
	json_object_set_new(o, "warnings", list_json(e, true));
	text = json_dumps(o, JSON_INDENT(2));
	buf_adds(out, text);
	buf_adds(out, "\n");
	free(text);
	json_decref(o);
}
