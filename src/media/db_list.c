#include "media/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "media/db_parts.h"
#include "media/facts_json.h"

/* Ids of rows, all of them ours. */
struct ids {
	sqlite3_int64 *v;
	size_t n, cap;
};

/* The row with all that belongs to it; false where it is not to be
 * believed, with *f to be freed all the same. */
static bool
read_row(struct db *d, sqlite3_stmt *s, struct db_file *f)
{
	const unsigned char *fault, *about;
	struct facts facts;

	if (!db_row_read(s, f) || !db_row_more(d, sqlite3_column_int64(s,
	    COL_ID), f))
		return false;
	about = sqlite3_column_text(s, COL_ABOUT);
	facts_of_json(&facts, (const char *)about);
	f->asset.about = facts.about;
	facts.about = (struct asset_about)ASSET_ABOUT_NONE;
	facts_fini(&facts);
	fault = sqlite3_column_text(s, COL_FAULT);
	if (f->asset.bad == NULL && fault != NULL)
		f->asset.bad = xstrdup((const char *)fault);
	return true;
}

int
db_list(struct db *d, bool (*fn)(void *ctx, const struct db_file *f),
    void *ctx, char **why)
{
	sqlite3_stmt *s = db_stmt(d, DB_LIST);
	struct db_file f;
	bool more = true;
	int rc = SQLITE_ROW;

	while (more && (rc = db_step(d, s)) == SQLITE_ROW) {
		if (read_row(d, s, &f))
			more = fn(ctx, &f);
		db_file_fini(&f);
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		*why = xasprintf("%s: %s", d->path, sqlite3_errstr(rc));
		return -1;
	}
	sqlite3_reset(s);
	return 0;
}

bool
db_find(struct db *d, const char *path, struct db_file *f)
{
	sqlite3_stmt *s = db_stmt(d, DB_FIND);
	bool found;

	if (s == NULL || sqlite3_bind_blob(s, 1, path, (int)strlen(path),
	    SQLITE_STATIC) != SQLITE_OK || db_step(d, s) != SQLITE_ROW)
		return false;
	found = read_row(d, s, f);
	if (d->stmts[DB_FIND] == s)	/* else the database went with it */
		sqlite3_reset(s);
	if (!found)
		db_file_fini(f);
	return found;
}

/* Paths are compared with their lengths: one read back may hold a NUL. */
static bool
is_in(const struct walk *w, const void *path, size_t len)
{
	size_t lo = 0, hi = w->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2, n = strlen(w->files[mid].path);
		int c = memcmp(w->files[mid].path, path, n < len ? n : len);

		if (c == 0 && n == len)
			return true;
		if (c < 0 || (c == 0 && n < len))
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

static void
find_gone(struct db *d, const struct walk *w, struct ids *gone)
{
	sqlite3_stmt *s = db_stmt(d, DB_PATHS);
	const void *path;
	size_t len;
	int rc;

	while ((rc = db_step(d, s)) == SQLITE_ROW) {
		path = sqlite3_column_blob(s, 1);
		len = (size_t)sqlite3_column_bytes(s, 1);
		if (path != NULL && (is_in(w, path, len) ||
		    walk_is_missed(w, path, len)))
			continue;
		xgrow(&gone->v, &gone->cap, gone->n + 1, sizeof *gone->v);
		gone->v[gone->n++] = sqlite3_column_int64(s, 0);
	}
	if (rc == SQLITE_DONE)
		sqlite3_reset(s);
}

size_t
db_forget(struct db *d, const struct walk *w)
{
	struct ids gone = { 0 };
	sqlite3_stmt *s;
	size_t n = 0;

	find_gone(d, w, &gone);
	for (size_t i = 0; i < gone.n && db_begin(d); i++) {
		s = db_stmt(d, DB_DELETE);
		sqlite3_bind_int64(s, 1, gone.v[i]);
		n += db_run(d, s);
	}
	free(gone.v);
	return n;
}
