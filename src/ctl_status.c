#include "ctl_status.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/xmem.h"

#define CELL_MAX	40	/* characters; longer ones are cut */

enum column {
	COL_NUMBER,
	COL_NAME,
	COL_ACTIVE,
	COL_VIEWERS,
	COL_NOW,
	COL_NEXT,
	NCOLUMNS
};

static const char *const titles[NCOLUMNS] = {
	[COL_NUMBER] = "NO",
	[COL_NAME] = "CHANNEL",
	[COL_ACTIVE] = "ON AIR",
	[COL_VIEWERS] = "VIEWERS",
	[COL_NOW] = "NOW",
	[COL_NEXT] = "NEXT",
};

struct row {
	char *cells[NCOLUMNS];
};

/* Bytes of UTF-8 that begin a character; jansson lets no other text in. */
static bool
is_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += is_start(*s);
	return n;
}

/* At most CELL_MAX characters, none that a terminal obeys: C0, DEL and C1
 * (U+0080..U+009F). */
static char *
clean(const char *s)
{
	struct buf b = { 0 };
	size_t n = 0;
	char *cell;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((n += is_start(*s)) > CELL_MAX)
			break;
		if (c == 0xc2 && (unsigned char)s[1] < 0xa0) {
			buf_adds(&b, "?");
			s++;
		} else {
			buf_add(&b, c < 0x20 || c == 0x7f ? "?" : s, 1);
		}
	}
	cell = xstrdup(buf_str(&b));
	buf_fini(&b);
	return cell;
}

static char *
text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return clean(s != NULL && *s != '\0' ? s : "-");
}

static void
fill_row(struct row *r, const json_t *channel)
{
	const json_t *viewers = json_object_get(channel, "viewers");
	bool active = json_is_true(json_object_get(channel, "active"));

	r->cells[COL_NUMBER] = text_of(channel, "number");
	r->cells[COL_NAME] = text_of(channel, "name");
	r->cells[COL_ACTIVE] = xstrdup(active ? "yes" : "no");
	r->cells[COL_VIEWERS] = xasprintf("%" JSON_INTEGER_FORMAT,
	    json_integer_value(viewers));
	r->cells[COL_NOW] = text_of(json_object_get(channel, "content"),
	    "title");
	r->cells[COL_NEXT] = text_of(json_object_get(channel, "next"),
	    "title");
}

static void
measure(const struct row *rows, size_t n, size_t width[NCOLUMNS])
{
	for (int c = 0; c < NCOLUMNS; c++) {
		width[c] = strlen(titles[c]);
		for (size_t i = 0; i < n; i++) {
			size_t w = width_of(rows[i].cells[c]);

			width[c] = w > width[c] ? w : width[c];
		}
	}
}

/* Counts to the right, all else to the left; nothing behind the last. */
static void
add_row(struct buf *out, const char *const *cells,
    const size_t width[NCOLUMNS])
{
	for (int c = 0; c < NCOLUMNS; c++) {
		int pad = (int)(width[c] - width_of(cells[c]));

		if (c == COL_VIEWERS)
			buf_addf(out, "%*s%s  ", pad, "", cells[c]);
		else if (c == NCOLUMNS - 1)
			buf_addf(out, "%s\n", cells[c]);
		else
			buf_addf(out, "%s%*s  ", cells[c], pad, "");
	}
}

static void
add_head(struct buf *out, const json_t *root)
{
	int64_t up_s = json_integer_value(json_object_get(root, "uptime_s"));
	char *station = text_of(root, "station");
	char *version = text_of(root, "version");

	buf_addf(out, "%s: retrovued %s, up %" PRId64 " d %02" PRId64 ":%02"
	    PRId64 ":%02" PRId64 "\n\n", station, version, up_s / 86400,
	    up_s / 3600 % 24, up_s / 60 % 60, up_s % 60);
	free(station);
	free(version);
}

static void
add_table(struct buf *out, const json_t *channels)
{
	size_t n = json_array_size(channels), width[NCOLUMNS];
	struct row *rows = xcalloc(n, sizeof *rows);

	for (size_t i = 0; i < n; i++)
		fill_row(&rows[i], json_array_get(channels, i));
	measure(rows, n, width);
	add_row(out, titles, width);
	for (size_t i = 0; i < n; i++) {
		add_row(out, (const char *const *)rows[i].cells, width);
		for (int c = 0; c < NCOLUMNS; c++)
			free(rows[i].cells[c]);
	}
	free(rows);
}

int
ctl_status_format(const char *json, size_t len, struct buf *out)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	const json_t *channels = json_object_get(root, "channels");
	int rc = -1;

	if (json_is_array(channels)) {
		add_head(out, root);
		add_table(out, channels);
		rc = 0;
	}
	json_decref(root);
	return rc;
}
