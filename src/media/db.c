#include "media/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/db_parts.h"
#include "media/files.h"

#define VERSION		4		/* PRAGMA user_version */
#define BUSY_MS		5000		/* for another's transaction */
#define VALUE_MAX	(1 << 20)	/* bytes of one text */
#define STR(x)		#x
#define XSTR(x)		STR(x)

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS assets ("
    "  id INTEGER PRIMARY KEY,"
    "  path BLOB NOT NULL UNIQUE,"
    "  size INTEGER NOT NULL,"
    "  mtime_ns INTEGER NOT NULL,"
    "  type TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  video_stream INTEGER NOT NULL,"	/* -1: none */
    "  video_codec TEXT NOT NULL,"
    "  width INTEGER NOT NULL,"
    "  height INTEGER NOT NULL,"
    "  video_start_us INTEGER NOT NULL,"
    "  transfer TEXT NOT NULL,"
    "  bad TEXT,"			/* what the probe has against it */
    "  fault TEXT,"			/* what else: its sidecar */
    "  sure INTEGER NOT NULL,"		/* holds until the file changes */
    "  probed_at INTEGER NOT NULL,"	/* s since 1970 */
    /* Facts (facts_json.h): the container's; its notes' with their stamps,
     * NULL where they have not been read; what is so in the end. */
    "  tags TEXT,"
    "  nfo_size INTEGER,"
    "  nfo_mtime_ns INTEGER,"
    "  nfo TEXT,"
    "  sidecar_size INTEGER,"
    "  sidecar_mtime_ns INTEGER,"
    "  sidecar TEXT,"
    "  about TEXT,"
    "  measured INTEGER NOT NULL DEFAULT 0,"
    "  loudness INTEGER,"		/* LUFS x 100; NULL: silent */
    "  true_peak INTEGER,"		/* dBTP x 100 */
    "  lulls TEXT);"			/* db_measure.c */
    "CREATE TABLE IF NOT EXISTS shows ("
    "  path BLOB PRIMARY KEY,"
    "  size INTEGER NOT NULL,"
    "  mtime_ns INTEGER NOT NULL,"
    "  facts TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS audio ("
    "  asset INTEGER NOT NULL REFERENCES assets ON DELETE CASCADE,"
    "  n INTEGER NOT NULL,"		/* 0: the one to air */
    "  stream INTEGER NOT NULL,"
    "  language TEXT NOT NULL,"
    "  channels INTEGER NOT NULL,"
    "  codec TEXT NOT NULL,"
    "  PRIMARY KEY (asset, n)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS chapters ("
    "  asset INTEGER NOT NULL REFERENCES assets ON DELETE CASCADE,"
    "  n INTEGER NOT NULL,"
    "  start_us INTEGER NOT NULL,"
    "  end_us INTEGER NOT NULL,"
    "  title TEXT NOT NULL,"
    "  PRIMARY KEY (asset, n)) WITHOUT ROWID;"
    "PRAGMA user_version = " XSTR(VERSION) ";"
    "COMMIT;";

static const char drop[] =
    "BEGIN IMMEDIATE;"
    "DROP TABLE IF EXISTS chapters;"
    "DROP TABLE IF EXISTS audio;"
    "DROP TABLE IF EXISTS shows;"
    "DROP TABLE IF EXISTS assets;"
    "PRAGMA user_version = 0;"
    "COMMIT;";

static const char *const texts[DB_NSTATEMENTS] = {
#define X(name, sql) [DB_##name] = sql,
	DB_STATEMENTS(X)
#undef X
};

static void
warn(const struct db *d, const char *what, const char *why)
{
	if (d->errs != NULL)
		errs_warn(d->errs, d->path, 0, 0, "%s: %s", what, why);
}

static void
close_sql(struct db *d)
{
	for (int i = 0; i < DB_NSTATEMENTS; i++) {
		sqlite3_finalize(d->stmts[i]);
		d->stmts[i] = NULL;
	}
	sqlite3_close(d->sql);
	d->sql = NULL;
	d->writable = d->begun = false;
}

/* The number that a statement answers; an SQLite code. */
static int
ask(sqlite3 *sql, const char *text, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(sql, text, -1, &s, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		*out = sqlite3_column_int64(s, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc;
}

/* SQLITE_OK where it is ours or empty (*version 0), SQLITE_NOTADB where it
 * is another's or of a version to come. */
static int
check_version(sqlite3 *sql, bool write, int64_t *version)
{
	int64_t tables = 0;
	int rc;

	if ((rc = ask(sql, "PRAGMA user_version", version)) != SQLITE_OK ||
	    (rc = ask(sql, "SELECT count(*) FROM sqlite_master",
	    &tables)) != SQLITE_OK)
		return rc;
	if (*version == VERSION || (*version == 0 && tables == 0) ||
	    (write && *version > 0 && *version < VERSION))
		return SQLITE_OK;
	return SQLITE_NOTADB;
}

static int
prepare_all(struct db *d)
{
	int rc = SQLITE_OK;

	for (int i = 0; i < DB_NSTATEMENTS && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(d->sql, texts[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &d->stmts[i], NULL);
	return rc;
}

/* What an earlier version knows is less than is wanted of each file now. */
static int
empty_old(struct db *d, int64_t *version)
{
	int rc = SQLITE_OK;

	if (*version == 0 || *version == VERSION)
		return rc;
	rc = sqlite3_exec(d->sql, drop, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		warn(d, "of an earlier version", "probing everything again");
	*version = 0;
	return rc;
}

/* Set up an open connection; an SQLite code. */
static int
set_up(struct db *d, bool write)
{
	int64_t version = 0;
	int rc;

	sqlite3_extended_result_codes(d->sql, 0);
	sqlite3_busy_timeout(d->sql, BUSY_MS);
	sqlite3_limit(d->sql, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	if ((rc = check_version(d->sql, write, &version)) != SQLITE_OK ||
	    (rc = empty_old(d, &version)) != SQLITE_OK)
		return rc;
	if (write && version == 0 && (rc = sqlite3_exec(d->sql, schema, NULL,
	    NULL, NULL)) != SQLITE_OK)
		return rc;
	if ((rc = sqlite3_exec(d->sql, "PRAGMA foreign_keys = ON; "
	    "PRAGMA trusted_schema = OFF", NULL, NULL, NULL)) != SQLITE_OK)
		return rc;
	return prepare_all(d);
}

/* root scans for a daemon that is somebody else, whose the directory is and
 * who must own the file.  He could also have put a link there: none is
 * followed, and nothing but a file of one name is given away.  Closing any
 * descriptor of the file but such a one (O_PATH) would drop the locks that
 * this process's other connections have on it: sqlite.org/howtocorrupt.html,
 * 2.2. */
static void
give_to_owner(const struct db *d)
{
	char *dir = xstrndup(d->path, (size_t)(strrchr(d->path, '/') -
	    d->path));
	struct stat st, file;
	int fd = -1;

	if (geteuid() == 0 && stat(dir, &st) == 0 && st.st_uid != 0 &&
	    (fd = open(d->path, O_PATH | O_NOFOLLOW | O_CLOEXEC)) >= 0 &&
	    fstat(fd, &file) == 0 && S_ISREG(file.st_mode) &&
	    file.st_nlink == 1 && file.st_uid == 0 &&
	    fchownat(fd, "", st.st_uid, st.st_gid, AT_EMPTY_PATH) < 0)
		warn(d, "cannot be given to its directory's owner",
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	free(dir);
}

/* An SQLite code, with the connection closed unless it is SQLITE_OK. */
static int
open_sql(struct db *d, bool write, char **why)
{
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE :
	    SQLITE_OPEN_READONLY, rc;

	rc = sqlite3_open_v2(d->path, &d->sql, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_NOFOLLOW, NULL);
	if (rc == SQLITE_OK && write)
		give_to_owner(d);	/* which is there now */
	if (rc == SQLITE_OK)
		rc = set_up(d, write);
	if (rc == SQLITE_ERROR)
		rc = SQLITE_CORRUPT;	/* no such table, no such column */
	d->writable = rc == SQLITE_OK && write &&
	    sqlite3_db_readonly(d->sql, "main") == 0;
	if (rc != SQLITE_OK) {
		*why = xstrdup(rc == SQLITE_NOTADB ? "it is no library of "
		    "this version" : d->sql != NULL ? sqlite3_errmsg(d->sql) :
		    sqlite3_errstr(rc));
		close_sql(d);
	}
	return rc;
}

static bool
is_garbage(int rc)
{
	rc &= 0xff;			/* of an extended code */
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ||
	    rc == SQLITE_MISMATCH;
}

/* The journal goes along: played back into the next database it would be
 * poison. */
static int
move_aside(struct db *d)
{
	char *to = xasprintf("%s.bad", d->path);
	char *journal = xasprintf("%s-journal", d->path);
	int rc = rename(d->path, to);

	if (rc == 0)
		unlink(journal);
	free(journal);
	free(to);
	return rc;
}

/* Start afresh where the file is garbage; why is free()d. */
static void
start_afresh(struct db *d, char *why)
{
	char *again = NULL;

	close_sql(d);
	warn(d, "moved aside to library.db.bad, probing everything again",
	    why);
	if (move_aside(d) < 0)
		warn(d, "cannot be moved aside", strerror(errno));
	else if (open_sql(d, true, &again) != SQLITE_OK)
		warn(d, "cannot be written", again);
	free(again);
	free(why);
}

/* What cannot be written may still be read. */
static void
open_somehow(struct db *d)
{
	char *why = NULL, *again = NULL;
	int rc = open_sql(d, true, &why);

	if (is_garbage(rc)) {
		start_afresh(d, why);
		return;
	}
	if (rc == SQLITE_OK && !d->writable)
		why = xstrdup("it is read-only");
	if (why != NULL)
		warn(d, "cannot be written", why);
	if (rc != SQLITE_OK)
		open_sql(d, false, &again);
	free(again);
	free(why);
}

/* The directory may be a link, or below one, to a larger disk; the file may
 * not, and SQLite tells these apart only where there is none on the way. */
static char *
path_in(const char *state_dir)
{
	char *dir = realpath(state_dir, NULL);
	char *path = xasprintf("%s/" DB_NAME, dir != NULL ? dir : state_dir);

	free(dir);
	return path;
}

struct db *
db_open(const char *state_dir, struct errs *e)
{
	struct db *d = xcalloc(1, sizeof *d);
	char *old = xasprintf("%s/probe.json", state_dir);

	d->errs = e;
	if (files_make_dirs(state_dir) < 0)
		errs_warn(e, state_dir, 0, 0, "cannot be created: %s",
		    strerror(errno));
	d->path = path_in(state_dir);
	open_somehow(d);
	if (d->writable)
		unlink(old);		/* ours, until there was this */
	free(old);
	return d;
}

struct db *
db_open_read(const char *state_dir, char **why)
{
	struct db *d = xcalloc(1, sizeof *d);
	char *said = NULL;

	d->path = path_in(state_dir);
	if (open_sql(d, false, &said) == SQLITE_OK)
		return d;
	if (access(d->path, F_OK) < 0)
		*why = xasprintf("%s: %s; nothing has been scanned yet: "
		    "say 'retrovuectl scan'",
		    d->path, strerror(errno));
	else
		*why = xasprintf("%s: %s", d->path, said);
	free(said);
	free(d->path);
	free(d);
	return NULL;
}

void
db_close(struct db *d)
{
	if (d == NULL)
		return;
	db_commit(d);
	close_sql(d);
	free(d->path);
	free(d);
}

bool
db_is_kept(const struct db *d)
{
	return d->writable;
}

sqlite3_stmt *
db_stmt(struct db *d, enum db_statement s)
{
	if (d->sql == NULL)
		return NULL;
	sqlite3_reset(d->stmts[s]);
	sqlite3_clear_bindings(d->stmts[s]);
	return d->stmts[s];
}

/* A full disk, a lock that stays, a bad disk: go on without. */
static void
give_up_writing(struct db *d, int rc)
{
	warn(d, "cannot be written", sqlite3_errstr(rc));
	d->writable = false;
	if (sqlite3_get_autocommit(d->sql) == 0)
		sqlite3_exec(d->sql, "ROLLBACK", NULL, NULL, NULL);
	d->begun = false;
}

int
db_step(struct db *d, sqlite3_stmt *s)
{
	int rc = s != NULL ? sqlite3_step(s) : SQLITE_MISUSE;

	if (s == NULL || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return rc;
	if (is_garbage(rc) && d->writable)
		start_afresh(d, xstrdup(sqlite3_errmsg(d->sql)));
	else if (d->writable)
		give_up_writing(d, rc);
	return rc;
}

bool
db_run(struct db *d, sqlite3_stmt *s)
{
	int rc = db_step(d, s);

	/* start_afresh() has finalized s. */
	if (rc == SQLITE_DONE)
		sqlite3_reset(s);
	return rc == SQLITE_DONE;
}

bool
db_begin(struct db *d)
{
	if (!d->begun && d->writable)
		d->begun = db_run(d, db_stmt(d, DB_BEGIN));
	return d->begun;
}

void
db_begin_reading(struct db *d)
{
	if (!d->begun && d->sql != NULL)
		d->begun = db_run(d, db_stmt(d, DB_BEGIN_READING));
}

void
db_commit(struct db *d)
{
	if (!d->begun)
		return;
	d->begun = false;
	db_run(d, db_stmt(d, DB_COMMIT));
}
