/* A day's transmission log as lines of JSON, and back. */

#include "media/tlogfile.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/dayfile.h"
#include "media/jsontext.h"
#include "plan/daytext.h"
#include "plan/explain.h"

#define VERSION	1

/* ---- To text */

/* A path is any bytes: where it is no UTF-8 they stand beside it. */
static void
set_path(json_t *j, const char *path)
{
	json_t *text = json_text(path);
	struct buf hex = { 0 };

	json_object_set_new(j, "asset", text);
	if (path == NULL || strcmp(path, json_string_value(text)) == 0)
		return;
	for (const char *p = path; *p != '\0'; p++)
		buf_addf(&hex, "%02x", (unsigned)(unsigned char)*p);
	json_object_set_new(j, "asset_bytes", json_string(buf_str(&hex)));
	buf_fini(&hex);
}

/* What the guide has of it besides, where there is any. */
static void
set_details(json_t *j, const struct programme *p)
{
	if (p->subtitle != NULL)
		json_object_set_new(j, "subtitle", json_text(p->subtitle));
	if (p->description != NULL)
		json_object_set_new(j, "description",
		    json_text(p->description));
	if (p->several)
		json_object_set_new(j, "several", json_true());
	if (p->first_run)
		json_object_set_new(j, "first_run", json_true());
	if (p->rerun_channel != NULL)
		json_object_set_new(j, "rerun_of", json_pack("{s:s,s:i}",
		    "channel", p->rerun_channel, "hours", p->rerun_hours));
}

/* first: no line before it is of the same. */
static json_t *
json_of_programme(const struct programme *p, bool first)
{
	json_t *j;

	if (p == NULL)
		return json_null();
	j = json_object();
	json_object_set_new(j, "title", json_text(p->title));
	json_object_set_new(j, "start_frame", json_integer(p->n0));
	json_object_set_new(j, "frames", json_integer(p->n1 - p->n0));
	set_path(j, p->asset != NULL ? p->asset->path : NULL);
	if (first)
		set_details(j, p);
	return j;
}

static json_t *
json_of_segment(const char *slug, struct rate rate, const struct segment *s,
    const struct programme *p, bool first)
{
	json_t *j = json_object();
	char id[DAYTEXT_ID];

	daytext_id(id, slug, s->n0);
	json_object_set_new(j, "event_id", json_string(id));
	json_object_set_new(j, "kind",
	    json_string(segment_kind_name(s->kind)));
	set_path(j, s->asset != NULL ? s->asset->path : NULL);
	json_object_set_new(j, "title", json_text(daytext_title(s, p)));
	json_object_set_new(j, "start", dayfile_json_frame(rate, s->n0));
	json_object_set_new(j, "start_frame", json_integer(s->n0));
	json_object_set_new(j, "frames", json_integer(s->n1 - s->n0));
	json_object_set_new(j, "in_frame", json_integer(s->in));
	json_object_set_new(j, "fade_in", json_boolean(s->fade_in));
	json_object_set_new(j, "fade_out", json_boolean(s->fade_out));
	json_object_set_new(j, "programme", json_of_programme(p, first));
	return j;
}

/* By EVENT_ID, why each was chosen, as a file has it. */
static json_t *
reasons_of(struct buf *file)
{
	json_t *reasons = json_object();
	const char *p = buf_str(file), *q;

	for (; (q = strchr(p, '\n')) != NULL; p = q + 1) {
		json_t *j = json_loadb(p, (size_t)(q - p), 0, NULL);
		const char *id = json_string_value(json_object_get(j,
		    "event_id"));

		if (id != NULL)
			json_object_set(reasons, id, json_object_get(j,
			    "chosen"));
		json_decref(j);
	}
	return reasons;
}

/* Of what is only kept nothing but the file knows it. */
static void
set_why(json_t *j, struct timeline *t, int64_t n, const json_t *reasons)
{
	json_t *id = json_object_get(j, "event_id");
	struct buf why = { 0 };

	if (n < timeline_kept_until(t)) {
		json_object_set(j, "chosen", json_object_get(reasons,
		    json_string_value(id)));
		return;
	}
	explain_add_why(&why, t, timeline_at(t, n));
	if (why.len > 0)
		json_object_set_new(j, "chosen",
		    json_text(buf_str(&why)));
	buf_fini(&why);
}

static json_t *
json_of_end(const char *slug, struct rate rate, const struct day *d,
    const char *cursors)
{
	json_t *j = json_object(), *lines = json_array();

	for (size_t n; *cursors != '\0'; cursors += n + (cursors[n] == '\n')) {
		n = strcspn(cursors, "\n");
		json_array_append_new(lines, json_stringn(cursors, n));
	}
	json_object_set_new(j, "version", json_integer(VERSION));
	json_object_set_new(j, "channel", json_string(slug));
	json_object_set_new(j, "date", json_integer(d->date));
	json_object_set_new(j, "rate", json_sprintf("%" PRId64 "/%" PRId64,
	    rate.num, rate.den));
	json_object_set_new(j, "segments",
	    json_integer((json_int_t)d->nsegments));
	json_object_set_new(j, "cursors", lines);
	return j;
}

static void
add_segments(struct buf *out, const char *slug, struct rate rate,
    const struct day *d, struct timeline *t, const json_t *reasons)
{
	size_t told = DAY_OFF_AIR;

	for (size_t i = 0; i < d->nsegments; i++) {
		const struct segment *s = &d->segments[i];
		size_t p = s->programme;
		json_t *j = json_of_segment(slug, rate, s,
		    p != DAY_OFF_AIR ? &d->programmes[p] : NULL, p != told);

		if (t != NULL)
			set_why(j, t, s->n0, reasons);
		dayfile_add_line(out, j);
		told = p;
	}
}

void
tlogfile_add_segments(struct buf *out, const char *slug, struct rate rate,
    const struct day *d, struct timeline *t)
{
	add_segments(out, slug, rate, d, t, NULL);
}

void
tlogfile_add_json(struct buf *out, const char *slug, struct rate rate,
    const struct day *d, struct timeline *t, struct buf *before,
    const char *cursors)
{
	json_t *reasons = reasons_of(before);

	add_segments(out, slug, rate, d, t, reasons);
	json_decref(reasons);
	dayfile_add_line(out, json_of_end(slug, rate, d, cursors));
}

/* ---- From text */

static bool
get_integer(const json_t *j, const char *key, int64_t *out)
{
	const json_t *v = json_object_get(j, key);

	*out = json_integer_value(v);
	return json_is_integer(v) && *out >= 0 && *out <= INT64_MAX / 4;
}

/* A text, or NULL where it is null; false for anything else. */
static bool
get_text(const json_t *j, const char *key, const char **out)
{
	const json_t *v = json_object_get(j, key);

	*out = json_string_value(v);
	return json_is_string(v) || json_is_null(v);
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *d = c != '\0' ? strchr(digits, c) : NULL;

	return d != NULL ? (int)(d - digits) : -1;
}

/* The bytes in hexadecimal, without any NUL; malloc'd, or NULL. */
static char *
bytes_of(const char *hex)
{
	size_t n = strlen(hex) / 2;
	char *bytes = xcalloc(n + 1, 1);

	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(hex[2 * i]), lo = hex_digit(hex[2 * i + 1]);

		if (hi < 0 || lo < 0 || hi + lo == 0) {
			free(bytes);
			return NULL;
		}
		bytes[i] = (char)(hi << 4 | lo);
	}
	return bytes;
}

/* *path is malloc'd, or NULL where there is none. */
static bool
get_path(const json_t *j, char **path)
{
	const char *hex = json_string_value(json_object_get(j,
	    "asset_bytes"));
	const char *text;

	*path = NULL;
	if (!get_text(j, "asset", &text))
		return false;
	if (text == NULL)
		return true;
	*path = hex != NULL ? bytes_of(hex) : xstrdup(text);
	return *path != NULL && (*path)[0] == '/';
}

static bool
get_kind(const json_t *j, enum segment_kind *out)
{
	const char *name = json_string_value(json_object_get(j, "kind"));

	for (int k = 0; name != NULL && k < SEGMENT_NKINDS; k++)
		if (strcmp(name, segment_kind_name((enum segment_kind)k)) ==
		    0) {
			*out = (enum segment_kind)k;
			return true;
		}
	return false;
}

/* What may be missing. */
static bool
get_details(const json_t *p, struct tlog_row *r)
{
	const json_t *of = json_object_get(p, "rerun_of");
	int64_t hours = 0;

	r->p_subtitle = json_string_value(json_object_get(p, "subtitle"));
	r->p_description = json_string_value(json_object_get(p,
	    "description"));
	r->several = json_is_true(json_object_get(p, "several"));
	r->first_run = json_is_true(json_object_get(p, "first_run"));
	r->rerun_channel = json_string_value(json_object_get(of, "channel"));
	if (of != NULL && (r->rerun_channel == NULL ||
	    !get_integer(of, "hours", &hours) || hours > INT_MAX))
		return false;
	r->rerun_hours = (int)hours;
	return true;
}

static bool
get_programme(const json_t *j, struct tlog_row *r, char **asset)
{
	const json_t *p = json_object_get(j, "programme");
	int64_t frames;

	*asset = NULL;
	r->off_air = json_is_null(p);
	if (r->off_air)
		return true;
	if (!get_integer(p, "start_frame", &r->p0) ||
	    !get_integer(p, "frames", &frames) ||
	    !get_text(p, "title", &r->p_title) || r->p_title == NULL ||
	    !get_path(p, asset) || *asset == NULL || !get_details(p, r))
		return false;
	r->p1 = r->p0 + frames;
	r->p_asset = *asset;
	return true;
}

static bool
is_id(const json_t *j, const char *slug, int64_t n0)
{
	const char *text = json_string_value(json_object_get(j, "event_id"));
	char id[DAYTEXT_ID];

	daytext_id(id, slug, n0);
	return text != NULL && strcmp(text, id) == 0;
}

static bool
take_segment(struct tlog *t, const json_t *j, const char *slug)
{
	struct tlog_row r = { 0 };
	char *asset, *p_asset = NULL;
	int64_t frames;
	bool good;

	good = get_path(j, &asset) && get_kind(j, &r.kind) &&
	    get_integer(j, "start_frame", &r.n0) &&
	    get_integer(j, "frames", &frames) &&
	    get_integer(j, "in_frame", &r.in) &&
	    get_text(j, "title", &r.title) &&
	    get_programme(j, &r, &p_asset) && is_id(j, slug, r.n0);
	if (good) {
		r.n1 = r.n0 + frames;
		r.asset = asset;
		r.fade_in = json_is_true(json_object_get(j, "fade_in"));
		r.fade_out = json_is_true(json_object_get(j, "fade_out"));
		tlog_add(t, &r);
	}
	free(asset);
	free(p_asset);
	return good;
}

static bool
take_rate(struct tlog *t, const json_t *j)
{
	const char *text = json_string_value(json_object_get(j, "rate"));
	long long num, den;
	int end = 0;

	if (text == NULL || strlen(text) > 24 ||
	    sscanf(text, "%lld/%lld%n", &num, &den, &end) != 2 ||
	    text[end] != '\0' || num < 1 || den < 1 || num > 1000000 ||
	    den > 1000000)
		return false;
	t->rate = (struct rate){ num, den };
	return true;
}

/* What the last line says; why it cannot be believed, or NULL. */
static const char *
take_end(struct tlog *t, const json_t *j, const char *slug)
{
	const char *channel = json_string_value(json_object_get(j,
	    "channel"));
	json_t *cursors = json_object_get(j, "cursors"), *line;
	int64_t version, date, segments;
	size_t i;

	if (!get_integer(j, "version", &version) || version != VERSION)
		return "it is of another version";
	if (channel == NULL || strcmp(channel, slug) != 0 ||
	    !get_integer(j, "date", &date) || date != t->day->date)
		return "it is of another channel or day";
	if (!get_integer(j, "segments", &segments) ||
	    (size_t)segments != t->day->nsegments || !take_rate(t, j) ||
	    !json_is_array(cursors))
		return "its last line is damaged";
	json_array_foreach(cursors, i, line) {
		if (!json_is_string(line))
			return "it has a cursor that is none";
		buf_addf(&t->cursors, "%s\n", json_string_value(line));
	}
	return NULL;
}

static const char *
take_line(struct tlog *t, const char *line, size_t len, const char *slug,
    bool *ended)
{
	json_t *j = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const char *why = NULL;

	if (*ended)
		why = "it goes on behind its last line";
	else if (j == NULL)
		why = "it has a line that is no JSON";
	else if (json_object_get(j, "version") != NULL) {
		*ended = true;
		why = take_end(t, j, slug);
	} else if (!take_segment(t, j, slug)) {
		why = "it has a line that is no segment";
	}
	json_decref(j);
	return why;
}

struct tlog *
tlogfile_parse(const char *text, size_t len, const char *slug, int64_t date,
    const char **why)
{
	struct tlog *t = tlog_new(date);
	const char *end = text + len, *p = text, *q;
	bool ended = false;

	*why = NULL;
	for (; p < end && *why == NULL; p = q + 1) {
		if ((q = memchr(p, '\n', (size_t)(end - p))) == NULL) {
			*why = "its last line has no end";
			break;
		}
		*why = take_line(t, p, (size_t)(q - p), slug, &ended);
	}
	if (*why == NULL && !ended)
		*why = "it has no end";
	if (*why == NULL)
		*why = tlog_check(t);
	if (*why == NULL)
		return t;
	tlog_free(t);
	return NULL;
}
