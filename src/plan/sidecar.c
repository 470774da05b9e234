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

/* What the file says, until it is known to be good. */
struct sidecar {
	char *title;		/* or NULL */
	int type;
	struct marker *markers;
	size_t nmarkers;
	bool has_markers;
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
read_marker(struct sidecar *s, struct errs *e, const struct node *m,
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
	s->markers[s->nmarkers++] = k;
}

static void
read_markers(struct sidecar *s, struct errs *e, const struct node *root,
    int64_t duration_us)
{
	const struct node *list = conf_list(e, root, "markers");

	if (list == NULL)
		return;
	if (list->n > MARKERS_MAX) {
		conf_fault(e, list, "more than %d markers", MARKERS_MAX);
		return;
	}
	s->has_markers = true;
	s->markers = xcalloc(list->n, sizeof *s->markers);
	for (size_t i = 0; i < list->n; i++)
		read_marker(s, e, list->items[i], duration_us);
	qsort(s->markers, s->nmarkers, sizeof *s->markers, marker_compare);
}

static void
read_root(struct sidecar *s, struct errs *e, const struct node *root,
    int64_t duration_us)
{
	if (root->kind != NODE_MAP)
		conf_fault(e, root, "a sidecar must be a map of keys");
	CONF_KEYS(e, root, "title", "type", "markers", "notes");
	conf_dup(e, root, "title", &s->title);
	conf_choice(e, root, "type", type_names, ASSET_NTYPES, &s->type);
	read_markers(s, e, root, duration_us);
}

static void
apply(struct sidecar *s, struct asset *a)
{
	if (s->title != NULL) {
		free(a->title);
		a->title = s->title;
	}
	a->type = (enum asset_type)s->type;
	if (s->has_markers) {
		free(a->markers);
		a->markers = s->markers;
		a->nmarkers = s->nmarkers;
	}
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
    struct asset *a, struct errs *e)
{
	struct sidecar s = { .type = (int)a->type };
	struct alone alone = { path, read, ctx };
	size_t faults = e->faults;
	struct node_doc *doc;

	if ((doc = node_load(path, read_alone, &alone, e)) == NULL)
		return -1;
	read_root(&s, e, node_root(doc), a->duration_us);
	node_doc_free(doc);
	if (e->faults == faults) {
		apply(&s, a);
		return 0;
	}
	free(s.title);
	free(s.markers);
	return -1;
}
