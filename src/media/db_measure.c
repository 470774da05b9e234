/* Lulls are kept as one text: "b61040000 s92000000 x120500000 ", black,
 * silent or both, in microseconds from the start. */

#include "media/db.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "media/db_parts.h"

#define LUFS_MIN	(-10000)	/* x 100: no sound has less */
#define LUFS_MAX	2000

static void
read_lulls(struct asset *a, const char *text)
{
	struct asset_lull l;
	size_t cap = 0;
	char kind, *end;

	while ((kind = *text) != '\0' && a->nlulls < ASSET_LULLS_MAX) {
		l.at_us = strtoll(text + 1, &end, 10);
		l.black = kind == 'b' || kind == 'x';
		l.silent = kind == 's' || kind == 'x';
		if (end == text + 1 || *end != ' ' || l.at_us < 0 ||
		    l.at_us > a->duration_us || !(l.black || l.silent))
			return;
		xgrow(&a->lulls, &cap, a->nlulls + 1, sizeof *a->lulls);
		a->lulls[a->nlulls++] = l;
		text = end + 1;
	}
}

static bool
read_level(sqlite3_stmt *s, int column, int *out)
{
	sqlite3_int64 v = sqlite3_column_int64(s, column);

	*out = (int)v;
	return sqlite3_column_type(s, column) == SQLITE_INTEGER &&
	    v >= LUFS_MIN && v <= LUFS_MAX;
}

void
db_measure_read(sqlite3_stmt *s, struct asset *a)
{
	const unsigned char *lulls = sqlite3_column_text(s, COL_LULLS);
	struct asset_loudness *l = &a->loudness;

	l->known = read_level(s, COL_LOUDNESS, &l->integrated) &&
	    read_level(s, COL_TRUE_PEAK, &l->true_peak);
	if (lulls != NULL)
		read_lulls(a, (const char *)lulls);
}

static void
bind_lulls(sqlite3_stmt *s, int at, const struct asset *a)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < a->nlulls; i++) {
		const struct asset_lull *l = &a->lulls[i];

		buf_addf(&b, "%c%" PRId64 " ", l->black && l->silent ? 'x' :
		    l->black ? 'b' : 's', l->at_us);
	}
	sqlite3_bind_text(s, at, buf_str(&b), -1, SQLITE_TRANSIENT);
	buf_fini(&b);
}

void
db_put_measure(struct db *d, const struct walk_file *f,
    const struct asset *a)
{
	sqlite3_stmt *s;

	if (!db_begin(d))
		return;
	s = db_stmt(d, DB_PUT_MEASURE);
	sqlite3_bind_blob(s, 1, f->path, (int)strlen(f->path),
	    SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, f->size);
	sqlite3_bind_int64(s, 3, f->mtime_ns);
	if (a->loudness.known) {
		sqlite3_bind_int(s, 4, a->loudness.integrated);
		sqlite3_bind_int(s, 5, a->loudness.true_peak);
	}
	bind_lulls(s, 6, a);
	db_run(d, s);
}

static size_t
count_unmeasured(struct db *d)
{
	sqlite3_stmt *s = db_stmt(d, DB_COUNT_UNMEASURED);
	size_t n = 0;

	if (s != NULL && db_step(d, s) == SQLITE_ROW) {
		n = (size_t)sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return n;
}

static bool
take_unmeasured(struct db *d, sqlite3_stmt *s, struct db_unmeasured *u)
{
	struct db_file f;
	bool good = db_row_read(s, &f) &&
	    db_row_more(d, sqlite3_column_int64(s, COL_ID), &f);

	chapters_fini(&f.chapters);
	*u = (struct db_unmeasured){
		.file = { .path = xstrdup(f.asset.path), .size = f.size,
		    .mtime_ns = f.mtime_ns },
		.asset = f.asset,
	};
	if (!good)
		db_unmeasured_fini(u);
	return good;
}

size_t
db_list_unmeasured(struct db *d, struct db_unmeasured *v, size_t max,
    int64_t *duration_us, int64_t *id, size_t *left)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int rc = SQLITE_DONE;

	*left = count_unmeasured(d);
	if ((s = db_stmt(d, DB_UNMEASURED)) == NULL)
		return 0;
	sqlite3_bind_int64(s, 1, *duration_us);
	sqlite3_bind_int64(s, 2, *id);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)max);
	/* Where garbage is found s goes with the database. */
	while (n < max && d->stmts[DB_UNMEASURED] == s &&
	    (rc = db_step(d, s)) == SQLITE_ROW) {
		*duration_us = sqlite3_column_int64(s, COL_DURATION);
		*id = sqlite3_column_int64(s, COL_ID);
		n += take_unmeasured(d, s, &v[n]);
	}
	if (d->stmts[DB_UNMEASURED] == s &&
	    (rc == SQLITE_ROW || rc == SQLITE_DONE))
		sqlite3_reset(s);
	return n;
}

void
db_unmeasured_fini(struct db_unmeasured *u)
{
	free(u->file.path);
	asset_fini(&u->asset);
	*u = (struct db_unmeasured){ 0 };
}
