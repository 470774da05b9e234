#include "ctl_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/xmem.h"
#include "ctl_cells.h"
#include "media/config.h"
#include "media/db.h"
#include "media/jsontext.h"
#include "plan/glob.h"
#include "plan/library.h"
#include "plan/match.h"
#include "plan/node.h"

/* Cells of a terminal; but for a title what is longer pushes the rest. */
#define TYPE_WIDTH	10
#define TIME_WIDTH	12
#define MEDIA_WIDTH	26
#define TITLE_WIDTH	40
#define LOUDNESS_WIDTH	5

/* A list on its way. */
struct listing {
	const struct ctl_library *o;
	const char *pattern;		/* NULL: all */
	int type;			/* -1: all */
	struct match match;		/* of nothing: all */
	struct buf text;		/* lines for people or JSON objects */
	size_t assets, bad;		/* listed */
};

static const char *const transfers[] = {
	[TRANSFER_SDR] = "sdr", [TRANSFER_PQ] = "pq", [TRANSFER_HLG] = "hlg",
};

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* A pattern is meant of the path, the name, the title or the series; a plain
 * text is looked for in them, whatever its case. */
static bool
is_like(const struct asset *a, const char *pattern)
{
	const char *series = a->about.series != NULL ? a->about.series : "";

	if (glob_is_pattern(pattern))
		return glob_match(pattern, a->path) ||
		    glob_match(pattern, name_of(a->path)) ||
		    glob_match(pattern, a->title) ||
		    glob_match(pattern, series);
	return strcasestr(a->path, pattern) != NULL ||
	    strcasestr(series, pattern) != NULL ||
	    strcasestr(a->title, pattern) != NULL;
}

static json_t *
json_of_audio(const struct asset *a)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < a->naudio; i++) {
		const struct asset_audio *s = &a->audio[i];

		o = json_object();
		json_object_set_new(o, "stream", json_integer(s->stream));
		json_object_set_new(o, "codec", json_text(s->codec));
		json_object_set_new(o, "channels", json_integer(s->channels));
		json_object_set_new(o, "language", json_string(s->language));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *
json_of_video(const struct asset *a)
{
	json_t *o;

	if (!a->has_video)
		return json_null();
	o = json_object();
	json_object_set_new(o, "stream", json_integer(a->video_stream));
	json_object_set_new(o, "codec", json_text(a->video_codec));
	json_object_set_new(o, "width", json_integer(a->width));
	json_object_set_new(o, "height", json_integer(a->height));
	json_object_set_new(o, "transfer",
	    json_string(transfers[a->transfer]));
	return o;
}

static void
set_text(json_t *o, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(o, key, json_text(text));
}

static void
set_number(json_t *o, const char *key, int v, int none)
{
	if (v != none)
		json_object_set_new(o, key, json_integer(v));
}

static void
set_list(json_t *o, const char *key, const struct texts *t)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->n; i++)
		json_array_append_new(list, json_text(t->v[i]));
	json_object_set_new(o, key, list);
}

static void
set_about(json_t *o, const struct asset_about *a)
{
	set_text(o, "series", a->series);
	set_number(o, "series_year", a->series_year, 0);
	set_number(o, "season", a->season, -1);
	set_number(o, "episode", a->episode, -1);
	set_number(o, "year", a->year, 0);
	set_text(o, "plot", a->plot);
	set_text(o, "rating", a->rating);
	set_list(o, "genres", &a->genres);
	set_list(o, "tags", &a->tags);
	set_text(o, "advertiser", a->advertiser);
	set_text(o, "category", a->category);
	set_text(o, "icon", a->icon);
	set_list(o, "directors", &a->directors);
	set_list(o, "writers", &a->writers);
	set_list(o, "actors", &a->actors);
}

/* In LUFS and dBTP. */
static json_t *
json_of_loudness(const struct asset_loudness *l)
{
	json_t *o;

	if (!l->known)
		return json_null();
	o = json_object();
	json_object_set_new(o, "integrated",
	    json_real(l->integrated / 100.0));
	json_object_set_new(o, "true_peak", json_real(l->true_peak / 100.0));
	return o;
}

static json_t *
json_of_file(const struct db_file *f)
{
	const struct asset *a = &f->asset;
	json_t *o = json_object();

	ctl_library_set_path(o, a->path);
	json_object_set_new(o, "type",
	    json_string(asset_type_name(a->type)));
	json_object_set_new(o, "title", json_text(a->title));
	set_about(o, &a->about);
	json_object_set_new(o, "size", json_integer(f->size));
	if (a->bad != NULL) {
		json_object_set_new(o, "bad", json_text(a->bad));
		return o;
	}
	json_object_set_new(o, "duration_us", json_integer(a->duration_us));
	json_object_set_new(o, "video", json_of_video(a));
	json_object_set_new(o, "audio", json_of_audio(a));
	json_object_set_new(o, "chapters",
	    json_integer((json_int_t)f->chapters.n));
	json_object_set_new(o, "loudness", json_of_loudness(&a->loudness));
	json_object_set_new(o, "lulls", ctl_library_lulls(a));
	return o;
}

/* Text in a column that many cells wide. */
static void
add_cell(struct buf *out, const char *text, int width)
{
	size_t at = out->len;
	int n;

	errs_escape(out, text);
	n = (int)cells_width(buf_str(out) + at);
	buf_addf(out, "%*s ", n < width ? width - n : 0, "");
}

/* "1280x720 h264 pq, aac eng". */
static void
add_media(struct buf *out, const struct asset *a)
{
	if (a->has_video && a->width > 0)
		buf_addf(out, "%dx%d ", a->width, a->height);
	buf_adds(out, a->has_video ? a->video_codec : "no picture");
	if (a->transfer != TRANSFER_SDR)
		buf_addf(out, " %s", transfers[a->transfer]);
	for (size_t i = 0; i < a->naudio; i++)
		buf_addf(out, "%s %s%s%s", i == 0 ? "," : " +",
		    a->audio[i].codec, *a->audio[i].language != '\0' ?
		    " " : "", a->audio[i].language);
}

static void
add_number(struct buf *out, const char *letter, int n)
{
	if (n >= 0)
		buf_addf(out, "%s%02d", letter, n);
}

/* "Cheers (1982) S01E02 Sam's Women", "Alien (1979)". */
static void
add_name(struct buf *out, const struct asset *a)
{
	const struct asset_about *b = &a->about;

	if (b->series != NULL) {
		buf_adds(out, b->series);
		if (b->series_year != 0)
			buf_addf(out, " (%d)", b->series_year);
		buf_adds(out, " ");
	}
	add_number(out, "S", b->season);
	add_number(out, "E", b->episode);
	if (b->season >= 0 || b->episode >= 0)
		buf_adds(out, " ");
	buf_adds(out, a->title);
	if (b->series == NULL && b->year != 0)
		buf_addf(out, " (%d)", b->year);
}

/* LUFS, "-" where it is not known. */
static void
add_loudness(struct buf *out, const struct asset_loudness *l)
{
	if (l->known)
		buf_addf(out, "%*.1f  ", LOUDNESS_WIDTH,
		    l->integrated / 100.0);
	else
		buf_addf(out, "%*s  ", LOUDNESS_WIDTH, "-");
}

/* So that paths stand below each other; a path has the name, too. */
static void
cut(struct buf *name, size_t width)
{
	char *whole;

	if (cells_width(buf_str(name)) <= width)
		return;
	whole = xstrdup(buf_str(name));
	buf_reset(name);
	buf_add(name, whole, cells_fit(whole, width - 3));
	buf_adds(name, "...");
	free(whole);
}

static void
add_line(struct buf *out, const struct asset *a)
{
	struct buf time = { 0 }, media = { 0 }, name = { 0 };

	ctl_library_add_time(&time, a->duration_us);
	add_media(&media, a);
	add_name(&name, a);
	cut(&name, TITLE_WIDTH);
	add_cell(out, asset_type_name(a->type), TYPE_WIDTH);
	buf_addf(out, "%*s  ", TIME_WIDTH, buf_str(&time));
	add_loudness(out, &a->loudness);
	add_cell(out, buf_str(&media), MEDIA_WIDTH);
	add_cell(out, buf_str(&name), TITLE_WIDTH);
	errs_escape(out, a->path);
	buf_adds(out, "\n");
	buf_fini(&name);
	buf_fini(&media);
	buf_fini(&time);
}

static void
add_bad_line(struct buf *out, const struct asset *a)
{
	add_cell(out, asset_type_name(a->type), TYPE_WIDTH);
	buf_addf(out, "%*s  ", TIME_WIDTH, "cannot air");
	errs_escape(out, a->path);
	buf_adds(out, ": ");
	errs_escape(out, a->bad);
	buf_adds(out, "\n");
}

/* Objects as text, not as a tree: of 100,000 that would be 400 MB. */
static void
add_object(struct listing *l, const struct db_file *f)
{
	json_t *o = json_of_file(f);
	char *text = json_dumps(o, 0);

	buf_adds(&l->text, l->assets > 1 ? ",\n    " : "\n    ");
	buf_adds(&l->text, text != NULL ? text : "null");
	free(text);
	json_decref(o);
}

static bool
on_file(void *ctx, const struct db_file *f)
{
	const struct asset *a = &f->asset;
	struct listing *l = ctx;

	if ((l->o->bad && a->bad == NULL) ||
	    (l->type >= 0 && (int)a->type != l->type) ||
	    (l->o->match != NULL && !match_has(&l->match, a)) ||
	    (l->pattern != NULL && !is_like(a, l->pattern)))
		return true;
	l->assets++;
	l->bad += a->bad != NULL;
	if (l->o->json)
		add_object(l, f);
	else if (a->bad != NULL)
		add_bad_line(&l->text, a);
	else
		add_line(&l->text, a);
	return true;
}

/* The index of --type's name, -1 without one; -2 where it is none. */
static int
find_type(const char *name)
{
	const char *names[ASSET_NTYPES], *near;
	int type;

	if (name == NULL)
		return -1;
	if ((type = asset_type_find(name)) >= 0)
		return type;
	for (int i = 0; i < ASSET_NTYPES; i++)
		names[i] = asset_type_name((enum asset_type)i);
	near = err_suggest(name, names, ASSET_NTYPES);
	fprintf(stderr, "retrovuectl: unknown type '%s'%s%s%s\n", name,
	    near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	return -2;
}

/* node_read_fn: the text is what --match says, between braces. */
static int
read_match(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)path;
	(void)why;
	buf_reset(out);
	buf_addf(out, "{%s}", (const char *)ctx);
	return 0;
}

/* The criteria of a pool's match; false with a complaint. */
static bool
read_criteria(struct match *m, const char *text)
{
	union { const char *in; void *out; } ctx = { text };
	struct errs e = { 0 };
	struct buf out = { 0 };
	struct node_doc *doc;
	bool good;

	if (text == NULL)
		return true;
	doc = node_load("--match", read_match, ctx.out, &e);
	if (doc != NULL)
		match_read(m, node_root(doc), &e);
	node_doc_free(doc);
	for (size_t i = 0; i < e.n; i++)	/* nobody wrote that brace */
		e.items[i].column -= e.items[i].line == 1 &&
		    e.items[i].column > 1;
	good = e.faults == 0;
	errs_print(&e, &out);
	if (!good)
		fputs(buf_str(&out), stderr);
	buf_fini(&out);
	errs_fini(&e);
	return good;
}

static int
print_listing(struct listing *l)
{
	if (l->o->json)
		buf_adds(&l->text, "\n  ]\n}\n");
	else
		buf_addf(&l->text, "%zu asset%s, %zu cannot air\n", l->assets,
		    l->assets == 1 ? "" : "s", l->bad);
	return ctl_library_print(&l->text);
}

/* All is read before any of it is printed: a pager must not keep a scan
 * from writing. */
static int
list(struct listing *l, const char *state_dir)
{
	char *why = NULL;
	struct db *d = db_open_read(state_dir, &why);
	int rc = 1;

	if (d != NULL && db_list(d, on_file, l, &why) == 0)
		rc = 0;
	db_close(d);
	if (rc == 0)
		rc = print_listing(l);
	else
		fprintf(stderr, "retrovuectl: %s\n", why);
	free(why);
	return rc;
}

int
ctl_assets(const struct ctl_library *o)
{
	struct listing l = { .o = o, .type = find_type(o->type) };
	struct errs e = { 0 };
	struct config *c;
	int rc = 1;

	if (l.type == -2 || o->nargs > 1) {
		if (o->nargs > 1)
			fputs("retrovuectl: assets takes one PATTERN\n",
			    stderr);
		return 2;
	}
	if (!read_criteria(&l.match, o->match)) {
		match_fini(&l.match);
		return 2;
	}
	l.pattern = o->nargs > 0 ? o->args[0] : NULL;
	if (o->json)
		buf_adds(&l.text, "{\n  \"assets\": [");
	if ((c = config_load_files(o->config, NULL, 0, &e)) != NULL) {
		rc = list(&l, c->station->state_dir);
	} else {
		buf_reset(&l.text);
		errs_print(&e, &l.text);
		fputs(buf_str(&l.text), stderr);
	}
	config_free(c);
	errs_fini(&e);
	buf_fini(&l.text);
	match_fini(&l.match);
	return rc;
}
