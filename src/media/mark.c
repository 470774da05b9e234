#include "media/mark.h"

#include <stdlib.h>
#include <string.h>

#include "base/blame.h"
#include "base/xmem.h"
#include "media/db.h"
#include "media/limbo.h"

#define LOOK_MS		10000

struct look {
	struct walk walk;
	char *path;
};

static void
look_run(void *arg, const volatile int *stop)
{
	struct look *l = arg;

	(void)stop;
	walk_add(&l->walk, l->path, ASSET_episode);
}

static void
look_drop(void *arg)
{
	struct look *l = arg;

	walk_fini(&l->walk);
	free(l->path);
	free(l);
}

/* The file as it is now; NULL where its disk does not answer. */
static struct look *
look(const char *path, const volatile int *stop)
{
	struct look *l = xcalloc(1, sizeof *l);
	const char *slash = strrchr(path, '/');
	/* A disk that hangs fails many files, one after the other. */
	char *dir = xstrndup(path, slash != NULL ? (size_t)(slash - path) : 0);
	const struct limbo_work work = {
		.run = look_run, .drop = look_drop, .arg = l,
		.timeout_ms = LOOK_MS, .stop = stop, .place = dir,
	};
	bool answers;

	l->path = xstrdup(path);
	answers = limbo_run(&work);
	free(dir);
	return answers ? l : NULL;
}

/* What is known of it stays, but for the reason. */
static bool
note(struct db *d, const struct walk_file *f, const char *why)
{
	struct db_file row;
	char *said;
	bool noted;

	if (!db_find(d, f->path, &row))
		return false;
	noted = row.asset.bad == NULL && row.size == f->size &&
	    row.mtime_ns == f->mtime_ns;
	if (noted) {
		said = xasprintf("could not be played: %s", why);
		db_put_bad(d, f, said, blame_words(why) == BLAME_FILE);
		db_commit(d);
		free(said);
	}
	db_file_fini(&row);
	return noted;
}

bool
mark_bad(const char *state_dir, const char *path, const char *why,
    const volatile int *stop, struct errs *e)
{
	struct look *l = look(path, stop);
	bool noted = false;
	struct db *d;

	if (l == NULL)
		return false;
	if (l->walk.n == 1) {
		d = db_open(state_dir, e);
		noted = note(d, &l->walk.files[0], why);
		db_close(d);
	}
	look_drop(l);
	return noted;
}

void
marks_add(struct marks *m, const char *path, const char *why)
{
	if (m->n == MARKS_MAX)
		return;
	m->v[m->n++] = (struct mark){ xstrdup(path), xstrdup(why) };
}

void
marks_fini(struct marks *m)
{
	while (m->n > 0) {
		struct mark *last = &m->v[--m->n];

		free(last->path);
		free(last->why);
	}
}

void
marks_note(struct marks *m, const char *state_dir, const volatile int *stop,
    struct errs *e)
{
	for (size_t i = 0; i < m->n &&
	    __atomic_load_n(stop, __ATOMIC_RELAXED) == 0; i++)
		mark_bad(state_dir, m->v[i].path, m->v[i].why, stop, e);
	marks_fini(m);
}
