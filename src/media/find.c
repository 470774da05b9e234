#include "media/find.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "media/limbo.h"

#define PATIENCE_MS	30000	/* for one directory or file */

/* A copy of what one walk needs, and what it has found. */
struct search {
	char *root;			/* NULL: the extra files */
	enum asset_type type;
	char **extra;
	size_t nextra;
	struct walk walk;
	struct errs errs;
};

static void
search_run(void *arg, const volatile int *stop)
{
	struct search *s = arg;

	if (s->root != NULL)
		walk_library(&s->walk, s->root, s->type, stop, &s->errs);
	for (size_t i = 0; i < s->nextra; i++)
		walk_add(&s->walk, s->extra[i], ASSET_filler);
}

static void
search_drop(void *arg)
{
	struct search *s = arg;

	for (size_t i = 0; i < s->nextra; i++)
		free(s->extra[i]);
	free(s->extra);
	free(s->root);
	walk_fini(&s->walk);
	errs_fini(&s->errs);
	free(s);
}

/* Only warnings come from a walk. */
static void
move_errs(struct errs *to, const struct errs *from)
{
	for (size_t i = 0; i < from->n; i++)
		errs_warn(to, from->items[i].file, from->items[i].line,
		    from->items[i].column, "%s", from->items[i].text);
}

static void
miss(struct walk *w, const char *root, const struct scan_options *o)
{
	if (root != NULL)
		walk_miss(w, root);
	for (size_t i = 0; root == NULL && i < o->nextra; i++)
		walk_miss(w, o->extra[i]);
}

/* Takes s. */
static void
search(struct walk *w, struct search *s, const char *root,
    const struct scan_options *o, struct errs *e)
{
	struct limbo_work work = {
		.run = search_run, .drop = search_drop, .arg = s,
		.timeout_ms = PATIENCE_MS, .steps = &s->walk.steps,
		.stop = o->stop,
	};

	if (!limbo_run(&work)) {
		miss(w, root, o);
		errs_warn(e, root != NULL ? root : "fillers", 0, 0,
		    "its disk does not answer: left out");
		return;
	}
	walk_take(w, &s->walk);
	move_errs(e, &s->errs);
	search_drop(s);
}

void
find_files(struct walk *w, const struct station *st,
    const struct scan_options *o, struct errs *e)
{
	struct search *s;

	for (size_t i = 0; i < st->nlibraries; i++) {
		s = xcalloc(1, sizeof *s);
		s->root = xstrdup(st->libraries[i].path);
		s->type = st->libraries[i].type;
		search(w, s, st->libraries[i].path, o, e);
	}
	if (o->nextra > 0) {
		s = xcalloc(1, sizeof *s);
		s->nextra = o->nextra;
		s->extra = xcalloc(o->nextra, sizeof *s->extra);
		for (size_t i = 0; i < o->nextra; i++)
			s->extra[i] = xstrdup(o->extra[i]);
		search(w, s, NULL, o, e);
	}
	walk_sort(w);
}
