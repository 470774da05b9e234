#include "ctl_status.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_table.h"

#define CELL_MAX	40	/* of a terminal; what is longer is cut */

#define COLUMNS(c)	(sizeof (c) / sizeof (c)[0])

typedef void row_fn(struct table *t, const json_t *channel);

static void
text_cell(struct table *t, const json_t *object, const char *key)
{
	table_cell(t, json_string_value(json_object_get(object, key)));
}

/* "14:30:05" of an instant. */
static void
time_cell(struct table *t, const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	if (s != NULL && strlen(s) > 19)
		table_cellf(t, "%.8s", s + 11);
	else
		table_cell(t, NULL);
}

static const struct table_column status_columns[] = {
	{ "NO", false, CELL_MAX },
	{ "CHANNEL", false, CELL_MAX },
	{ "ON AIR", false, 0 },
	{ "VIEWERS", true, 0 },
	{ "NOW", false, CELL_MAX },
	{ "NEXT", false, CELL_MAX },
};

static void
status_row(struct table *t, const json_t *channel)
{
	/* "takeover" or "skip". */
	const char *over = json_string_value(json_object_get(
	    json_object_get(channel, "override"), "kind"));
	const char *reason = json_string_value(json_object_get(channel,
	    "reason"));

	text_cell(t, channel, "number");
	text_cell(t, channel, "name");
	table_cell(t, reason != NULL ? reason :
	    !json_is_true(json_object_get(channel, "active")) ? "no" :
	    over != NULL ? over : "yes");
	table_cellf(t, "%" JSON_INTEGER_FORMAT,
	    json_integer_value(json_object_get(channel, "viewers")));
	table_cell(t, ctl_status_title(channel));
	text_cell(t, json_object_get(channel, "next"), "title");
}

static const struct table_column now_columns[] = {
	{ "NO", false, CELL_MAX },
	{ "KIND", false, 0 },
	{ "FROM UTC", false, 0 },
	{ "TO UTC", false, 0 },
	{ "NOW", false, CELL_MAX },
	{ "NEXT AT UTC", false, 0 },
	{ "NEXT", false, CELL_MAX },
	{ "FILE", false, 0 },
};

static void
now_row(struct table *t, const json_t *channel)
{
	const json_t *content = json_object_get(channel, "content");
	const json_t *next = json_object_get(channel, "next");

	text_cell(t, channel, "number");
	text_cell(t, content, "kind");
	time_cell(t, content, "timestamp");
	time_cell(t, content, "ends");
	table_cell(t, ctl_status_title(channel));
	time_cell(t, next, "timestamp");
	text_cell(t, next, "title");
	text_cell(t, content, "path");
}

static const struct table_column channel_columns[] = {
	{ "NO", false, CELL_MAX },
	{ "CHANNEL", false, 0 },
	{ "NAME", false, CELL_MAX },
	{ "MODE", false, 0 },
	{ "PICTURE", true, 0 },
	{ "RATE", true, 0 },
	{ "SOUND", false, 0 },
	{ "ON AIR", false, 0 },
	{ "FILE", false, 0 },
};

static void
channel_row(struct table *t, const json_t *channel)
{
	const json_t *f = json_object_get(channel, "format");
	const char *codec =
	    json_string_value(json_object_get(f, "audio_codec"));
	const char *reason =
	    json_string_value(json_object_get(channel, "reason"));

	text_cell(t, channel, "number");
	text_cell(t, channel, "channel");
	text_cell(t, channel, "name");
	text_cell(t, channel, "mode");
	table_cellf(t, "%" JSON_INTEGER_FORMAT "x%" JSON_INTEGER_FORMAT,
	    json_integer_value(json_object_get(f, "width")),
	    json_integer_value(json_object_get(f, "height")));
	text_cell(t, f, "frame_rate");
	if (codec != NULL)
		table_cellf(t, "%.16s %" JSON_INTEGER_FORMAT "ch", codec,
		    json_integer_value(json_object_get(f, "audio_channels")));
	else
		table_cell(t, NULL);
	table_cell(t, reason != NULL ? reason :
	    json_is_true(json_object_get(channel, "active")) ? "yes" : "no");
	text_cell(t, channel, "file");
}

static void
head_print(struct buf *out, const json_t *root)
{
	int64_t up_s = json_integer_value(json_object_get(root, "uptime_s"));
	int64_t lost = json_integer_value(json_object_get(root, "log_lost"));
	const char *name = json_string_value(json_object_get(root, "station"));
	const char *v = json_string_value(json_object_get(root, "version"));
	char *station = table_clean(name != NULL ? name : "-", CELL_MAX);
	char *version = table_clean(v != NULL ? v : "-", CELL_MAX);

	buf_addf(out, "%s: retrovued %s, up %" PRId64 " d %02" PRId64 ":%02"
	    PRId64 ":%02" PRId64 "\n\n", station, version, up_s / 86400,
	    up_s / 3600 % 24, up_s / 60 % 60, up_s % 60);
	if (lost > 0)
		buf_addf(out, "%" PRId64 " log lines lost: see log_failed in "
		    "playout.log\n\n", lost);
	free(station);
	free(version);
}

/* True if a person who writes `which` means this channel; NULL: all. */
static bool
is_meant(const json_t *channel, const char *which)
{
	const char *number, *slug;

	if (which == NULL)
		return true;
	number = json_string_value(json_object_get(channel, "number"));
	slug = json_string_value(json_object_get(channel, "channel"));
	return (number != NULL && strcmp(number, which) == 0) ||
	    (slug != NULL && strcmp(slug, which) == 0);
}

static const struct {
	const struct table_column *columns;
	size_t n;
	row_fn *row;
	bool head;
} views[] = {
	[CTL_STATUS] = { status_columns, COLUMNS(status_columns), status_row,
	    true },
	[CTL_NOW] = { now_columns, COLUMNS(now_columns), now_row, false },
	[CTL_CHANNELS] = { channel_columns, COLUMNS(channel_columns),
	    channel_row, false },
};

int
ctl_status_format(enum ctl_view view, const char *which, const char *json,
    size_t len, struct buf *out)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	const json_t *channels = json_object_get(root, "channels");
	struct table t;
	int rc = -1;

	if (json_is_array(channels)) {
		table_init(&t, views[view].columns, views[view].n);
		for (size_t i = 0; i < json_array_size(channels); i++)
			if (is_meant(json_array_get(channels, i), which))
				views[view].row(&t,
				    json_array_get(channels, i));
		rc = which == NULL || t.ncells != 0 ? 0 : -2;
		if (rc == 0 && views[view].head)
			head_print(out, root);
		if (rc == 0)
			table_print(&t, out);
		table_fini(&t);
	}
	json_decref(root);
	return rc;
}

/* The answer without the channels that are not meant; -2 if none is. */
static int
channels_pick(json_t *root, const char *which)
{
	json_t *channels = json_object_get(root, "channels");
	json_t *some = json_array();

	for (size_t i = 0; i < json_array_size(channels); i++)
		if (is_meant(json_array_get(channels, i), which))
			json_array_append(some, json_array_get(channels, i));
	if (which != NULL && json_array_size(some) == 0) {
		json_decref(some);
		return -2;
	}
	json_object_set_new(root, "channels", some);
	return 0;
}

int
ctl_status_select(const char *which, const char *json, size_t len,
    struct buf *out)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	char *text;
	int rc = -1;

	if (json_is_array(json_object_get(root, "channels")) &&
	    (rc = channels_pick(root, which)) == 0) {
		text = json_dumps(root, JSON_COMPACT);
		buf_adds(out, text);
		buf_adds(out, "\n");
		free(text);
	}
	json_decref(root);
	return rc;
}

const char *
ctl_status_title(const json_t *channel)
{
	const json_t *content = json_object_get(channel, "content");
	const char *title = json_string_value(json_object_get(content,
	    "title"));

	return title == NULL && json_is_true(json_object_get(content,
	    "off_air")) ? "off air" : title;
}
