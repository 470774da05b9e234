#include "media/scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/xmem.h"
#include "media/chapters.h"
#include "media/db.h"
#include "media/files.h"
#include "media/find.h"
#include "media/mono.h"
#include "media/notes.h"
#include "media/pool.h"
#include "media/walk.h"
#include "plan/naming.h"

#define MAX_YAML	((size_t)16 << 20)	/* bytes; node.h's limit */
#define PROBE_MS	30000	/* ffprobe's own 20 s and some */
#define COMMIT_MS	2000	/* what a crash may cost */

/* Whether an asset is as it will be. */
enum settled {
	SETTLED_NOT,			/* not probed yet */
	SETTLED,
	SETTLED_FAULTY,			/* because of its sidecar */
};

/* A scan on its way. */
struct scan {
	const struct station *station;
	const struct scan_options *o;
	struct errs *errs;
	struct walk walk;
	struct library *lib;		/* in the order of walk.files */
	char **complaints;		/* of each asset's chapters, or NULL */
	enum settled *settled;		/* by asset */
	struct db_notes *known;		/* by asset, from the database */
	struct notes *notes;
	struct db *db;
	struct pool_job *jobs;		/* files the database does not know */
	size_t njobs, jobs_cap;
	int64_t committed_ms;
	int64_t offer_ms;		/* when to say what is known */
	struct scan_counts counts;
};

static bool
is_stopped(const struct scan_options *o)
{
	return o->stop != NULL &&
	    __atomic_load_n(o->stop, __ATOMIC_RELAXED) != 0;
}

static void
say_progress(const struct scan_options *o, size_t done, size_t total)
{
	if (o->progress != NULL)
		o->progress(o->ctx, done, total);
}

static void
make_assets(struct scan *s)
{
	struct library *l = s->lib;

	l->n = s->walk.n;
	l->assets = xcalloc(l->n, sizeof *l->assets);
	s->complaints = xcalloc(l->n, sizeof *s->complaints);
	s->settled = xcalloc(l->n, sizeof *s->settled);
	s->known = xcalloc(l->n, sizeof *s->known);
	for (size_t i = 0; i < l->n; i++) {
		l->assets[i] = (struct asset){
			.path = xstrdup(s->walk.files[i].path),
			.type = s->walk.files[i].type,
			.about = ASSET_ABOUT_NONE,
			.video_stream = -1,
			.audio_stream = -1,
		};
		naming_read(&l->assets[i], s->walk.files[i].root);
	}
	s->notes = notes_new(s->station, &s->walk, s->db, s->o->stop,
	    s->errs);
}

/* The first fault from items[from] on, with its place. */
static char *
first_fault(const struct errs *e, size_t from)
{
	const struct err_item *it;

	while (from < e->n && e->items[from].warning)
		from++;
	if (from == e->n)
		return xstrdup("its sidecar is faulty");
	it = &e->items[from];
	if (it->line == 0)
		return xasprintf("its sidecar is faulty: %s", it->text);
	return xasprintf("its sidecar is faulty: %s:%u:%u: %s", it->file,
	    it->line, it->column, it->text);
}

/* Takes why. */
static void
drop_asset(struct asset *a, char *why)
{
	free(a->markers);
	free(a->audio);
	a->markers = NULL;
	a->audio = NULL;
	a->nmarkers = a->naudio = 0;
	a->duration_us = 0;
	a->has_video = a->has_audio = false;
	a->video_stream = a->audio_stream = -1;
	a->bad = why;
}

/* The operator's markers win over the container's; so nobody needs to hear
 * what is wrong with these. */
static bool
is_imported(const struct asset *a)
{
	return a->nmarkers == 0 || a->markers[0].imported;
}

static void
import(struct scan *s, size_t i, struct chapters *c)
{
	if (s->lib->assets[i].bad == NULL)
		s->complaints[i] = chapters_import(c, &s->lib->assets[i]);
	chapters_fini(c);
}

/* All is known of the asset but what is written about it. */
static void
settle(struct scan *s, size_t i)
{
	struct asset *a = &s->lib->assets[i];
	size_t said = s->errs->n;

	if (is_stopped(s->o))
		return;
	s->settled[i] = SETTLED;
	if (notes_apply(s->notes, &s->walk.files[i], &s->known[i], a) < 0) {
		drop_asset(a, first_fault(s->errs, said));
		s->settled[i] = SETTLED_FAULTY;
	}
	naming_set_title(a);
	db_notes_fini(&s->known[i]);
}

static void
look_up(struct scan *s, size_t i)
{
	const struct walk_file *f = &s->walk.files[i];
	struct asset *a = &s->lib->assets[i];
	struct chapters c;

	switch (db_get(s->db, f, a, &c, &s->known[i])) {
	case DB_KNOWN:
		import(s, i, &c);
		s->settled[i] = SETTLED;
		return;
	case DB_NEW:
		s->counts.fresh++;
		break;
	case DB_CHANGED:
		s->counts.changed++;
		break;
	case DB_UNSURE:
		break;
	}
	xgrow(&s->jobs, &s->jobs_cap, s->njobs + 1, sizeof *s->jobs);
	s->jobs[s->njobs++] = (struct pool_job){ .file = f, .asset = a };
}

static int
by_turn(const void *va, const void *vb)
{
	const struct pool_job *a = va, *b = vb;

	if (a->turn != b->turn)
		return a->turn < b->turn ? -1 : 1;
	return (a->file > b->file) - (a->file < b->file);
}

/* The first file of each library, then the second of each, and so on. */
static void
take_turns(struct scan *s)
{
	size_t n = 0, *turns;

	for (size_t i = 0; i < s->njobs; i++)
		if (s->jobs[i].file->library >= n)
			n = s->jobs[i].file->library + 1;
	turns = xcalloc(n, sizeof *turns);
	for (size_t i = 0; i < s->njobs; i++)
		s->jobs[i].turn = turns[s->jobs[i].file->library]++;
	if (s->njobs > 0)
		qsort(s->jobs, s->njobs, sizeof *s->jobs, by_turn);
	free(turns);
}

/* A transaction for some seconds' answers, short, so that nobody waits for
 * it who wants to read. */
static void
commit_now_and_then(struct scan *s)
{
	if (mono_ms() - s->committed_ms < COMMIT_MS)
		return;
	db_commit(s->db);
	s->committed_ms = mono_ms();
}

/* What the database knows is an asset at once, the rest a job. */
static void
look_up_all(struct scan *s)
{
	db_begin_reading(s->db);
	for (size_t i = 0; i < s->lib->n; i++)
		look_up(s, i);
	db_commit(s->db);
	s->committed_ms = mono_ms();
	take_turns(s);
	for (size_t i = 0; i < s->lib->n; i++)
		if (s->settled[i] == SETTLED) {
			settle(s, i);
			commit_now_and_then(s);
		}
	say_progress(s->o, s->lib->n - s->njobs, s->lib->n);
}

/* A library that stands by itself. */
static struct library *
settled_so_far(const struct scan *s)
{
	struct library *l = xcalloc(1, sizeof *l);

	l->assets = xcalloc(s->lib->n, sizeof *l->assets);
	for (size_t i = 0; i < s->lib->n; i++)
		if (s->settled[i] != SETTLED_NOT)
			asset_copy(&l->assets[l->n++], &s->lib->assets[i]);
	return l;
}

/* To who wants to know what there is so far, where it is time. */
static void
offer(struct scan *s)
{
	int again_ms;

	if (s->o->so_far == NULL || is_stopped(s->o) ||
	    mono_ms() < s->offer_ms)
		return;
	db_commit(s->db);
	again_ms = s->o->so_far(s->o->so_far_ctx, settled_so_far(s));
	s->offer_ms = mono_ms() + again_ms;
}

static void
on_answer(void *ctx, struct pool_job *j, size_t done)
{
	struct scan *s = ctx;
	size_t known = s->lib->n - s->njobs, i;

	if (j == NULL) {
		say_progress(s->o, known + done, s->lib->n);
		commit_now_and_then(s);
		if (done < s->njobs)
			offer(s);
		return;
	}
	s->counts.unasked += j->answer == PROBE_UNASKED;
	/* What was not asked says nothing about the file. */
	if (j->answer == PROBE_SURE ||
	    (j->answer == PROBE_UNSURE && !is_stopped(s->o)))
		db_put(s->db, j->file, j->asset, &j->chapters, &j->tags,
		    j->answer == PROBE_SURE);
	i = (size_t)(j->asset - s->lib->assets);
	s->known[i].tags = xmalloc(sizeof j->tags);
	*s->known[i].tags = j->tags;
	import(s, i, &j->chapters);
	settle(s, i);
}

/* Durations, streams, chapters from ffprobe. */
static void
probe_all(struct scan *s)
{
	struct pool_options po = {
		.ffprobe = s->o->ffprobe, .shim = s->o->shim,
		.threads = s->o->jobs,
		.patience_ms = PROBE_MS, .stop = s->o->stop,
		.on_answer = on_answer, .ctx = s,
	};

	pool_run(s->jobs, s->njobs, &po);
	db_commit(s->db);
}

static void
finish_asset(struct scan *s, size_t i)
{
	struct asset *a = &s->lib->assets[i];
	bool faulty = s->settled[i] == SETTLED_FAULTY;

	if (!faulty && s->complaints[i] != NULL && is_imported(a))
		errs_warn(s->errs, a->path, 0, 0, "%s", s->complaints[i]);
	s->counts.bad += a->bad != NULL;
	if (a->bad != NULL && (s->o->bad_max == 0 ||
	    s->counts.bad <= s->o->bad_max))
		errs_warn(s->errs, a->path, 0, 0, "cannot air: %s", a->bad);
	db_describe(s->db, a, faulty ? a->bad : NULL);
}

/* A disk that does not answer has tens of thousands of them. */
static void
say_more_bad(struct scan *s)
{
	size_t max = s->o->bad_max;

	if (max != 0 && s->counts.bad > max)
		errs_warn(s->errs, NULL, 0, 0, "%zu more cannot air: "
		    "'retrovuectl assets --bad' lists them all",
		    s->counts.bad - max);
}

static void
finish_all(struct scan *s)
{
	for (size_t i = 0; i < s->lib->n && !is_stopped(s->o); i++) {
		finish_asset(s, i);
		commit_now_and_then(s);
	}
	say_more_bad(s);
	if (!is_stopped(s->o)) {
		s->counts.gone = db_forget(s->db, &s->walk);
		s->counts.whole = s->walk.nunread == 0;
	}
	db_commit(s->db);
	s->counts.assets = s->lib->n;
	s->counts.kept = db_is_kept(s->db);
}

/* All but the library, the walk and the database. */
static void
drop_work(struct scan *s)
{
	notes_free(s->notes);
	for (size_t i = 0; i < s->lib->n; i++) {
		db_notes_fini(&s->known[i]);
		free(s->complaints[i]);
	}
	free(s->known);
	free(s->complaints);
	free(s->settled);
	free(s->jobs);
}

/* Some libraries are found and others take their time: what was known of
 * those is good enough to begin with.  All is said and done once more when
 * the others are found, too. */
static void
on_some(void *ctx, const struct walk *w)
{
	struct scan *s = ctx;
	struct errs unsaid = { 0 };
	struct scan some = {
		.station = s->station, .o = s->o, .errs = &unsaid,
		.walk = *w, .db = s->db,
		.lib = xcalloc(1, sizeof *some.lib),
		.offer_ms = s->offer_ms,
	};

	make_assets(&some);
	look_up_all(&some);
	offer(&some);
	s->offer_ms = some.offer_ms;
	drop_work(&some);
	library_free(some.lib);
	errs_fini(&unsaid);
}

struct library *
scan_library(const struct station *st, const struct scan_options *o,
    struct errs *e)
{
	struct scan s = { .station = st, .o = o, .errs = e,
	    .offer_ms = mono_ms() + o->patience_ms };
	const struct find_hooks hooks = {
		.patience_ms = o->patience_ms,
		.some = o->so_far != NULL ? on_some : NULL, .ctx = &s,
	};

	s.lib = xcalloc(1, sizeof *s.lib);
	s.db = db_open(st->state_dir, e);
	find_files(&s.walk, st, o, &hooks, e);
	make_assets(&s);
	look_up_all(&s);
	if (s.njobs > 0)
		offer(&s);
	probe_all(&s);
	finish_all(&s);
	if (o->counts != NULL)
		*o->counts = s.counts;
	db_close(s.db);
	drop_work(&s);
	walk_fini(&s.walk);
	return s.lib;
}

int
scan_apply_markers(struct asset *a, const struct chapters *c,
    struct errs *e)
{
	char *path = xasprintf("%s.yaml", a->path);
	char *complaint = chapters_import(c, a);
	struct stat st;
	int rc = 0;

	if (lstat(path, &st) == 0)
		rc = notes_read_sidecar(path, a, e);
	if (rc == 0 && complaint != NULL && is_imported(a))
		errs_warn(e, a->path, 0, 0, "%s", complaint);
	free(complaint);
	free(path);
	return rc;
}

int
scan_read_file(void *ctx, const char *path, struct buf *out,
    const char **why)
{
	(void)ctx;
	/* One byte past the limit, for the reader to notice. */
	return files_read(path, MAX_YAML + 1, out, why);
}
