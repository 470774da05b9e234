#include "ctl_top.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ctl_cells.h"
#include "ctl_status.h"
#include "ctl_table.h"

#define HEAD_LINES	3
#define FOOT_LINES	1
#define STATION_MAX	40	/* cells; a longer name is cut */
#define KEYS		"q quit   arrows, page up and down: scroll"

/* ---- What there is */

static const char *
text_of(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static int64_t
number_of(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

/* Copied, safe for a terminal. */
static char *
clean(const char *s)
{
	return s != NULL ? table_clean(s, 0) : NULL;
}

static char *
clean_of(const json_t *j, const char *key)
{
	return clean(text_of(j, key));
}

/* The worst first. */
static const char *
state_of(const json_t *c, bool *bad)
{
	const struct {
		const char *name;
		bool is, bad;
	} states[] = {
		{ "no air", json_is_string(json_object_get(c, "reason")),
		    true },
		{ "off", !json_is_true(json_object_get(c, "active")), false },
		{ "slate", json_is_true(json_object_get(c, "slate")), true },
		{ "filler", json_is_true(json_object_get(c, "filler")), true },
		{ text_of(json_object_get(c, "override"), "kind"),
		    json_is_object(json_object_get(c, "override")), true },
		{ "on", true, false },
	};
	size_t i = 0;

	while (!states[i].is || states[i].name == NULL)
		i++;
	*bad = states[i].bad;
	return states[i].name;
}

/* The same channel in the sample before. */
static const json_t *
find(const json_t *was, const char *channel)
{
	const json_t *list = json_object_get(was, "channels");

	for (size_t i = 0; channel != NULL && i < json_array_size(list); i++) {
		const char *s = text_of(json_array_get(list, i), "channel");

		if (s != NULL && strcmp(s, channel) == 0)
			return json_array_get(list, i);
	}
	return NULL;
}

/* Of a count that only grows, a second; nothing where it began anew. */
static int64_t
per_second(const json_t *is, const json_t *was, const char *key, int64_t ms)
{
	int64_t n = number_of(is, key) - number_of(was, key);

	return was == NULL || ms <= 0 || n < 0 ? 0 : n * 1000 / ms;
}

static void
row_make(struct top_row *r, const json_t *c, const json_t *was, int64_t ms)
{
	const json_t *before = find(was, text_of(c, "channel"));

	*r = (struct top_row){
		.number = clean_of(c, "number"),
		.channel = clean_of(c, "channel"),
		.name = clean_of(c, "name"),
		.now = clean(ctl_status_title(c)),
		.next = clean_of(json_object_get(c, "next"), "title"),
		.viewers = number_of(c, "viewers"),
		.kbit_s = per_second(c, before, "bytes_made", ms) * 8 / 1000,
		.speed = json_number_value(json_object_get(c, "speed")),
	};
	r->state = table_clean(state_of(c, &r->bad), 0);
}

int
top_make(struct top *t, const json_t *is, const json_t *was, int64_t ms)
{
	const json_t *list = json_object_get(is, "channels");
	const json_t *process = json_object_get(is, "process");

	if (!json_is_array(list))
		return -1;
	*t = (struct top){
		.station = clean_of(is, "station"),
		.version = clean_of(is, "version"),
		.uptime_s = number_of(is, "uptime_s"),
		.cpu = (double)per_second(process, json_object_get(was,
		    "process"), "cpu_ms", ms) / 10,
		.resident = number_of(process, "resident"),
		.nrows = json_array_size(list),
	};
	t->rows = xcalloc(t->nrows, sizeof *t->rows);
	for (size_t i = 0; i < t->nrows; i++) {
		row_make(&t->rows[i], json_array_get(list, i), was, ms);
		t->viewers += t->rows[i].viewers;
	}
	return 0;
}

void
top_fini(struct top *t)
{
	for (size_t i = 0; i < t->nrows; i++) {
		struct top_row *r = &t->rows[i];

		free(r->number);
		free(r->channel);
		free(r->name);
		free(r->state);
		free(r->now);
		free(r->next);
	}
	free(t->rows);
	free(t->station);
	free(t->version);
	*t = (struct top){ 0 };
}

static json_t *
row_json(const struct top_row *r)
{
	return json_pack("{s:s?, s:s?, s:s?, s:s, s:s?, s:s?, s:I, s:I, s:o}",
	    "number", r->number, "channel", r->channel, "name", r->name,
	    "state", r->state, "now", r->now, "next", r->next,
	    "viewers", (json_int_t)r->viewers,
	    "kbit_s", (json_int_t)r->kbit_s, "speed", r->speed > 0 ?
	    json_real(r->speed) : json_null());
}

void
top_json(const struct top *t, struct buf *out)
{
	json_t *list = json_array(), *j;
	char *text;

	for (size_t i = 0; i < t->nrows; i++)
		json_array_append_new(list, row_json(&t->rows[i]));
	j = json_pack("{s:s?, s:s?, s:I, s:I, s:f, s:I, s:o}", "station",
	    t->station, "version", t->version, "uptime_s",
	    (json_int_t)t->uptime_s, "viewers", (json_int_t)t->viewers,
	    "cpu_percent", t->cpu, "resident", (json_int_t)t->resident,
	    "channels", list);
	text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(6));
	buf_addf(out, "%s\n", text != NULL ? text : "{}");
	free(text);
	json_decref(j);
}

/* ---- What is seen of it */

enum column { NO, CHANNEL, STATE, NOW, NEXT, VIEW, KBIT, SPEED, NCOLUMNS };

static const struct {
	const char *title;
	size_t width;		/* cells at least; 0: a share of what is left */
	size_t share;		/* of ten */
	bool right;
} columns[NCOLUMNS] = {
	[NO] = { "NO", 2, 0, false },
	[CHANNEL] = { "CHANNEL", 12, 0, false },
	[STATE] = { "STATE", 8, 0, false },
	[NOW] = { "NOW", 0, 6, false },
	[NEXT] = { "NEXT", 0, 4, false },
	[VIEW] = { "VIEW", 4, 0, true },
	[KBIT] = { "KBIT/S", 6, 0, true },
	[SPEED] = { "SPEED", 6, 0, true },
};

struct widths {
	size_t v[NCOLUMNS];	/* cells */
};

static size_t
wider(size_t width, const char *text)
{
	size_t w = text != NULL ? cells_width(text) : 0;

	return w > width ? w : width;
}

/* A number is shown whole, a name as far as a fifth of the line goes. */
static struct widths
widths_find(const struct top *t, size_t width)
{
	size_t most = width / 5, fixed = NCOLUMNS - 1, left;
	struct widths w;

	for (size_t c = 0; c < NCOLUMNS; c++)
		w.v[c] = columns[c].width;
	for (size_t i = 0; i < t->nrows; i++) {
		w.v[NO] = wider(w.v[NO], t->rows[i].number);
		w.v[CHANNEL] = wider(w.v[CHANNEL], t->rows[i].name);
	}
	if (w.v[CHANNEL] > most)
		w.v[CHANNEL] = most > columns[CHANNEL].width ? most :
		    columns[CHANNEL].width;
	for (size_t c = 0; c < NCOLUMNS; c++)
		fixed += w.v[c];
	left = width > fixed ? width - fixed : 0;
	for (size_t c = 0; c < NCOLUMNS; c++)
		if (columns[c].share != 0)
			w.v[c] = left * columns[c].share / 10;
	return w;
}

/* As much of the text as fits into `width` cells, and blanks up to there. */
static void
pad_add(struct buf *line, const char *text, size_t width, bool right)
{
	size_t bytes = cells_fit(text, width);
	struct buf fit = { 0 };
	int pad;

	buf_add(&fit, text, bytes);
	pad = (int)(width - cells_width(buf_str(&fit)));
	if (right)
		buf_addf(line, "%*s", pad, "");
	buf_add(line, text, bytes);
	if (!right)
		buf_addf(line, "%*s", pad, "");
	buf_fini(&fit);
}

static void
cells_add(struct buf *out, const char *const cells[NCOLUMNS],
    const struct widths *w, size_t width)
{
	struct buf line = { 0 };

	for (size_t c = 0; c < NCOLUMNS; c++) {
		if (c != 0)
			buf_adds(&line, " ");
		pad_add(&line, cells[c] != NULL ? cells[c] : "-", w->v[c],
		    columns[c].right);
	}
	pad_add(out, buf_str(&line), width, false);
	buf_fini(&line);
}

static void
row_add(struct buf *out, const struct top_row *r, const struct widths *w,
    const struct top_view *v)
{
	const char *colour = !v->colour ? "" : r->bad ? "\033[31m" :
	    strcmp(r->state, "off") == 0 ? "\033[2m" : "";
	char view[24], kbit[24], speed[24] = "-";
	const char *const cells[NCOLUMNS] = {
		[NO] = r->number, [CHANNEL] = r->name, [STATE] = r->state,
		[NOW] = r->now, [NEXT] = r->next, [VIEW] = view,
		[KBIT] = kbit, [SPEED] = speed,
	};

	snprintf(view, sizeof view, "%" PRId64, r->viewers);
	snprintf(kbit, sizeof kbit, "%" PRId64, r->kbit_s);
	if (r->speed > 0)
		snprintf(speed, sizeof speed, "%.1fx", r->speed);
	buf_adds(out, colour);
	cells_add(out, cells, w, v->width);
	buf_adds(out, *colour != '\0' ? "\033[0m" : "");
}

static void
head_add(struct buf *out, const struct top *t, const struct widths *w,
    const struct top_view *v)
{
	const char *station = t->station != NULL ? t->station : "-";
	const char *titles[NCOLUMNS];
	struct buf line = { 0 };

	buf_add(&line, station, cells_fit(station, STATION_MAX));
	buf_addf(&line, ": retrovued %s, up %" PRId64
	    " d %02" PRId64 ":%02" PRId64 ":%02" PRId64 ", %" PRId64
	    " viewer%s, cpu %.1f%%, %" PRId64 " MB",
	    t->version != NULL ? t->version : "-", t->uptime_s / 86400,
	    t->uptime_s / 3600 % 24, t->uptime_s / 60 % 60, t->uptime_s % 60,
	    t->viewers, t->viewers == 1 ? "" : "s", t->cpu,
	    t->resident / 1000000);
	pad_add(out, buf_str(&line), v->width, false);
	buf_fini(&line);
	buf_adds(out, "\n\n");
	for (size_t c = 0; c < NCOLUMNS; c++)
		titles[c] = columns[c].title;
	buf_adds(out, v->colour ? "\033[7m" : "");
	cells_add(out, titles, w, v->width);
	buf_adds(out, v->colour ? "\033[0m\n" : "\n");
}

static size_t
rows_shown(const struct top_view *v)
{
	return v->height > HEAD_LINES + FOOT_LINES ?
	    v->height - HEAD_LINES - FOOT_LINES : 1;
}

size_t
top_clamp(const struct top *t, const struct top_view *v)
{
	size_t shown = rows_shown(v);
	size_t last = t->nrows > shown ? t->nrows - shown : 0;

	return v->first < last ? v->first : last;
}

void
top_draw(const struct top *t, const struct top_view *v, struct buf *out)
{
	size_t shown = rows_shown(v), first = top_clamp(t, v);
	const struct widths w = widths_find(t, v->width);

	head_add(out, t, &w, v);
	for (size_t i = first; i < first + shown; i++) {
		if (i < t->nrows)
			row_add(out, &t->rows[i], &w, v);
		buf_adds(out, "\n");
	}
	if (v->word == NULL || *v->word != '\0')
		pad_add(out, v->word != NULL ? v->word : KEYS, v->width,
		    false);
}
