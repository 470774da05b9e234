#include "plan/sidecar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/conf.h"

#define MARKERS_MAX	10000

static const char *const type_names[] = {
#define X(name) #name,
	ASSET_TYPES(X)
#undef X
};

static const char *const kind_names[] = {
#define X(name) #name,
	MARKER_KINDS(X)
#undef X
};

/* "12.5" of 12,500,000 microseconds. */
static void
format_us(char text[32], int64_t us)
{
	int n = snprintf(text, 32, "%" PRId64 ".%06d", us / US_PER_S,
	    (int)(us % US_PER_S));

	while (n > 0 && text[n - 1] == '0')
		text[--n] = '\0';
	if (n > 0 && text[n - 1] == '.')
		text[n - 1] = '\0';
}

static void
check_bounds(struct errs *e, const struct node *m, const struct marker *k,
    int64_t duration_us)
{
	char start[32], end[32], duration[32];

	format_us(start, k->start_us);
	format_us(end, k->end_us);
	format_us(duration, duration_us);
	if (k->end_us < k->start_us)
		conf_fault(e, conf_get(m, "end"),
		    "the marker ends at %s s, before its start at %s s", end,
		    start);
	if (k->start_us > duration_us)
		conf_fault(e, conf_get(m, "start"), "the marker starts at "
		    "%s s, but the file lasts %s s", start, duration);
	else if (k->end_us > duration_us)
		conf_fault(e, conf_get(m, "end"), "the marker ends at %s s, "
		    "but the file lasts %s s", end, duration);
}

static void
read_marker(struct facts *f, struct errs *e, const struct node *m,
    int64_t duration_us)
{
	struct marker k = { .kind = MARKER_NKINDS };
	bool started;
	int kind = 0;

	if (m->kind != NODE_MAP) {
		conf_fault(e, m, "a marker must be a map like "
		    "{kind: avail, start: 7:30}");
		return;
	}
	CONF_KEYS(e, m, "kind", "start", "end");
	if (conf_need(e, m, "kind"))
		conf_choice(e, m, "kind", kind_names, MARKER_NKINDS, &kind);
	k.kind = (enum marker_kind)kind;
	started = conf_need(e, m, "start") &&
	    conf_time(e, m, "start", &k.start_us);
	k.end_us = k.start_us;
	k.range = conf_time(e, m, "end", &k.end_us);
	if (started)
		check_bounds(e, m, &k, duration_us);
	f->markers[f->nmarkers++] = k;
}

static void
read_markers(struct facts *f, struct errs *e, const struct node *root,
    int64_t duration_us)
{
	const struct node *list = conf_list(e, root, "markers");

	if (list == NULL)
		return;
	if (list->n > MARKERS_MAX) {
		conf_fault(e, list, "more than %d markers", MARKERS_MAX);
		return;
	}
	f->has_markers = true;
	f->markers = xcalloc(list->n, sizeof *f->markers);
	for (size_t i = 0; i < list->n; i++)
		read_marker(f, e, list->items[i], duration_us);
	qsort(f->markers, f->nmarkers, sizeof *f->markers, marker_compare);
}

static void
read_text(struct errs *e, const struct node *root, const char *key,
    size_t max, char **to)
{
	const char *s;

	if (conf_str(e, root, key, &s))
		facts_set(to, s, max);
}

static void
read_number(struct errs *e, const struct node *root, const char *key,
    int min, int *to)
{
	int64_t v;

	if (conf_int(e, root, key, min, FACTS_NUMBER_MAX, &v))
		*to = (int)v;
}

static void
read_list(struct errs *e, const struct node *root, const char *key,
    struct texts *to)
{
	struct node *const *texts;
	size_t n;

	n = conf_texts(e, root, key, &texts);
	if (n > FACTS_LIST_MAX) {
		conf_fault(e, texts[FACTS_LIST_MAX], "more than %d %s",
		    FACTS_LIST_MAX, key);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		char *text = facts_text(texts[i]->text, FACTS_WORD_MAX);

		if (text != NULL)
			texts_add(to, text);
		free(text);
	}
}

static void
read_icon(struct errs *e, const struct node *root, char **to)
{
	const char *s;

	if (!conf_str(e, root, "icon", &s))
		return;
	facts_set_icon(to, s);
	if (*to == NULL)
		conf_fault(e, conf_get(root, "icon"),
		    "icon must be an address, http:// or https://");
}

static void
read_credits(struct asset_about *a, struct errs *e, const struct node *root)
{
	read_list(e, root, "directors", &a->directors);
	read_list(e, root, "writers", &a->writers);
	read_list(e, root, "actors", &a->actors);
}

static void
read_about(struct asset_about *a, struct errs *e, const struct node *root)
{
	const char *series;

	if (conf_str(e, root, "series", &series))
		facts_set_series(a, series);
	read_number(e, root, "season", 0, &a->season);
	read_number(e, root, "episode", 0, &a->episode);
	read_number(e, root, "year", 1, &a->year);
	read_text(e, root, "plot", FACTS_PLOT_MAX, &a->plot);
	read_text(e, root, "rating", FACTS_WORD_MAX, &a->rating);
	read_list(e, root, "genres", &a->genres);
	read_list(e, root, "tags", &a->tags);
	read_credits(a, e, root);
	read_icon(e, root, &a->icon);
	read_text(e, root, "advertiser", FACTS_WORD_MAX, &a->advertiser);
	read_text(e, root, "category", FACTS_WORD_MAX, &a->category);
}

static void
read_root(struct facts *f, struct errs *e, const struct node *root,
    int64_t duration_us)
{
	if (root->kind != NODE_MAP)
		conf_fault(e, root, "a sidecar must be a map of keys");
	CONF_KEYS(e, root, "title", "type", "series", "season", "episode",
	    "year", "plot", "rating", "genres", "tags", "directors",
	    "writers", "actors", "icon", "advertiser", "category", "markers",
	    "notes");
	read_text(e, root, "title", FACTS_TITLE_MAX, &f->title);
	conf_choice(e, root, "type", type_names, ASSET_NTYPES, &f->type);
	read_about(&f->about, e, root);
	read_markers(f, e, root, duration_us);
}

/* Sidecars come with media from anywhere: one is a file by itself. */
struct alone {
	const char *path;
	node_read_fn *read;
	void *ctx;
};

static int
read_alone(void *ctx, const char *path, struct buf *out, const char **why)
{
	struct alone *a = ctx;

	if (strcmp(path, a->path) == 0)
		return a->read(a->ctx, path, out, why);
	*why = "a sidecar may not include files";
	return -1;
}

int
sidecar_load(const char *path, node_read_fn *read, void *ctx,
    int64_t duration_us, struct facts *out, struct errs *e)
{
	struct facts f = FACTS_NONE;
	struct alone alone = { path, read, ctx };
	size_t faults = e->faults;
	struct node_doc *doc;

	*out = f;
	if ((doc = node_load(path, read_alone, &alone, e)) == NULL)
		return -1;
	read_root(&f, e, node_root(doc), duration_us);
	node_doc_free(doc);
	if (e->faults == faults) {
		*out = f;
		return 0;
	}
	facts_fini(&f);
	return -1;
}
