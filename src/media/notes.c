#include "media/notes.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/limbo.h"
#include "media/nfo.h"
#include "media/scan.h"
#include "plan/sidecar.h"

#define PATIENCE_MS	10000	/* for a disk to answer */
#define LEFT_MAX	4	/* a library's disk is dead after so many */

/* A tvshow.nfo, read when the first of its episodes comes by. */
struct show {
	bool read;
	struct facts facts;
};

struct notes {
	const struct station *station;
	const struct walk *walk;
	struct db *db;
	const volatile int *stop;
	struct errs *errs;
	struct show *shows;		/* in the order of walk->shows */
	int *left;			/* behind in limbo, of each library and
					 * of the fillers from elsewhere */
	size_t library;			/* at which it is */
};

struct notes *
notes_new(const struct station *st, const struct walk *w, struct db *d,
    const volatile int *stop, struct errs *e)
{
	struct notes *n = xmalloc(sizeof *n);

	*n = (struct notes){
		.station = st, .walk = w, .db = d, .stop = stop, .errs = e,
	};
	n->shows = xcalloc(w->nshows, sizeof *n->shows);
	n->left = xcalloc(st->nlibraries + 1, sizeof *n->left);
	return n;
}

void
notes_free(struct notes *n)
{
	for (size_t i = 0; i < n->walk->nshows; i++)
		if (n->shows[i].read)
			facts_fini(&n->shows[i].facts);
	free(n->shows);
	free(n->left);
	free(n);
}

/* A read in limbo. */
struct reading {
	char *path;
	struct buf bytes;
	const char *why;
	int rc;
};

static void
reading_run(void *arg, const volatile int *stop)
{
	struct reading *r = arg;

	(void)stop;
	r->rc = scan_read_file(NULL, r->path, &r->bytes, &r->why);
}

static void
reading_drop(void *arg)
{
	struct reading *r = arg;

	free(r->path);
	buf_fini(&r->bytes);
	free(r);
}

/* Nobody who wants to write waits for a disk. */
static void
let_go(void *ctx)
{
	db_commit(ctx);
}

static bool
is_dead(const struct notes *n)
{
	return n != NULL && n->left[n->library] >= LEFT_MAX;
}

static void
note_left(struct notes *n)
{
	if (n != NULL)
		n->left[n->library]++;
}

/* node_read_fn for files on the media's disks; of no notes but a single file's
 * where ctx is NULL. */
static int
read_patiently(void *ctx, const char *path, struct buf *out,
    const char **why)
{
	struct notes *n = ctx;
	struct reading *r = xcalloc(1, sizeof *r);
	struct limbo_work work = {
		.run = reading_run, .drop = reading_drop, .arg = r,
		.timeout_ms = PATIENCE_MS,
		.stop = n != NULL ? n->stop : NULL,
		.slow = n != NULL ? let_go : NULL,
		.ctx = n != NULL ? n->db : NULL,
		.place = path,
	};
	int rc;

	r->path = xstrdup(path);
	buf_reset(out);
	*why = "its disk does not answer";
	if (is_dead(n)) {
		reading_drop(r);
		return -1;
	}
	if (!limbo_run(&work)) {
		note_left(n);
		return -1;
	}
	buf_add(out, r->bytes.data, r->bytes.len);
	*why = r->why;
	rc = r->rc;
	reading_drop(r);
	return rc;
}

/* False where the disk has not said: then it is asked again next time. */
static bool
read_nfo(struct notes *n, const char *path, struct facts *f)
{
	struct buf text = { 0 };
	const char *why = NULL;
	bool read;

	*f = (struct facts)FACTS_NONE;
	read = read_patiently(n, path, &text, &why) == 0;
	if (read)
		why = nfo_parse(buf_str(&text), text.len, f);
	if (why != NULL)
		errs_warn(n->errs, path, 0, 0, "not used: %s", why);
	buf_fini(&text);
	return read;
}

static const struct facts *
show_facts(struct notes *n, const char *path)
{
	const struct walk_show *w = walk_show_of(n->walk, path);
	struct show *s;

	if (w == NULL)
		return NULL;
	s = &n->shows[w - n->walk->shows];
	if (!s->read && !db_get_show(n->db, w, &s->facts) &&
	    read_nfo(n, w->path, &s->facts))
		db_put_show(n->db, w, &s->facts);
	s->read = true;
	return &s->facts;
}

static bool
is_programme(const struct asset *a)
{
	return a->type == ASSET_episode || a->type == ASSET_movie;
}

/* What kind of programme it is an .nfo may say; a spot stays one, whatever
 * it was filed under elsewhere. */
static void
apply_nfo(const struct facts *f, struct asset *a)
{
	enum asset_type type = a->type;
	bool programme = is_programme(a);

	facts_apply(f, a);
	if (!programme)
		a->type = type;
}

static void
apply_files_nfo(struct notes *n, const struct walk_file *f,
    const struct db_notes *known, struct asset *a)
{
	struct facts facts;

	if (known->nfo_known) {
		if (known->nfo != NULL)
			apply_nfo(known->nfo, a);
		return;
	}
	if (read_nfo(n, f->nfo, &facts))
		db_put_nfo(n->db, f, &facts);
	apply_nfo(&facts, a);
	facts_fini(&facts);
}

static int
load_sidecar(struct notes *n, const char *path, struct asset *a,
    struct facts *f, struct errs *e)
{
	if (sidecar_load(path, read_patiently, n, a->duration_us, f,
	    e) < 0)
		return -1;
	facts_apply(f, a);
	return 0;
}

int
notes_read_sidecar(const char *path, struct asset *a, struct errs *e)
{
	struct facts f;
	int rc = load_sidecar(NULL, path, a, &f, e);

	facts_fini(&f);
	return rc;
}

static int
apply_sidecar(struct notes *n, const struct walk_file *f,
    const struct db_notes *known, struct asset *a)
{
	struct facts facts;
	char *path;
	int rc;

	if (known->sidecar_known) {
		if (known->sidecar != NULL)
			facts_apply(known->sidecar, a);
		return 0;
	}
	path = xasprintf("%s.yaml", f->path);
	rc = load_sidecar(n, path, a, &facts, n->errs);
	if (rc == 0)
		db_put_sidecar(n->db, f, &facts);
	facts_fini(&facts);
	free(path);
	return rc;
}

static void
add_library_tags(const struct notes *n, const struct walk_file *f,
    struct asset *a)
{
	const struct texts *tags;

	if (f->library >= n->station->nlibraries)
		return;			/* a filler from elsewhere */
	tags = &n->station->libraries[f->library].tags;
	for (size_t i = 0; i < tags->n; i++)
		texts_add(&a->about.tags, tags->v[i]);
}

int
notes_apply(struct notes *n, const struct walk_file *f,
    const struct db_notes *known, struct asset *a)
{
	const struct facts *show;
	int rc = 0;

	n->library = f->library < n->station->nlibraries ? f->library :
	    n->station->nlibraries;
	if (known->tags != NULL)
		facts_apply(known->tags, a);
	if (is_programme(a) && (show = show_facts(n, f->path)) != NULL)
		facts_apply(show, a);
	if (f->nfo != NULL)
		apply_files_nfo(n, f, known, a);
	if (a->bad == NULL && f->has_sidecar)
		rc = apply_sidecar(n, f, known, a);
	add_library_tags(n, f, a);
	return rc;
}
