#include "ctl_viewers.h"

#include <inttypes.h>
#include <stdint.h>

#include <jansson.h>

#include "base/length.h"
#include "ctl_table.h"

#define CELL_MAX	40	/* characters; longer ones are cut */

static const struct table_column columns[] = {
	{ "ID", false, 0 },
	{ "NO", false, CELL_MAX },
	{ "BY", false, 0 },
	{ "PEER", false, 0 },
	{ "SINCE", false, 0 },
	{ "FOR", true, 0 },
	{ "MB", true, 0 },
	{ "BEHIND", true, 0 },
	{ "PROGRAM", false, CELL_MAX },
};

static int64_t
number_of(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

static void
text_cell(struct table *t, const json_t *j, const char *key)
{
	table_cell(t, json_string_value(json_object_get(j, key)));
}

static void
row_add(struct table *t, const json_t *v)
{
	const char *since = json_string_value(json_object_get(v, "since"));
	int64_t s = number_of(v, "seconds"), ms = number_of(v, "behind_ms");

	text_cell(t, v, "id");
	text_cell(t, v, "number");
	text_cell(t, v, "protocol");
	text_cell(t, v, "peer");
	if (since != NULL)
		table_cellf(t, "%.19sZ", since);
	else
		table_cell(t, NULL);
	table_cellf(t, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600,
	    s / 60 % 60, s % 60);
	table_cellf(t, "%.1f", (double)number_of(v, "bytes") / 1e6);
	if (json_is_integer(json_object_get(v, "behind_ms")))
		table_cellf(t, "%" PRId64 ".%" PRId64 " s", ms / 1000,
		    ms / 100 % 10);
	else
		table_cell(t, NULL);
	text_cell(t, v, "user_agent");
}

int
ctl_viewers_format(const char *json, size_t len, struct buf *out)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	const json_t *list = json_object_get(root, "viewers");
	int rc = -1;

	if (json_is_array(list)) {
		struct table t;

		table_init(&t, columns, LENGTH(columns));
		for (size_t i = 0; i < json_array_size(list); i++)
			row_add(&t, json_array_get(list, i));
		table_print(&t, out);
		table_fini(&t);
		rc = 0;
	}
	json_decref(root);
	return rc;
}
