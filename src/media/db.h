/* db.h - what is known of the library, kept in STATE/library.db (SQLite).
 *
 * An answer of ffprobe holds for a path, a size and a modification time.
 * The file is a convenience: where it is missing, garbage or cannot be
 * written the library is probed again, and a warning says so; nothing here
 * fails.  It has a rollback journal and no WAL, so that who may only read it
 * can.  A struct db belongs to one thread; any number of processes may have
 * the file open.  The file itself may not be a symbolic link, what leads to it
 * may.  Paths and titles are any bytes.
 *
 * Blocks on the state directory's disk, never on the media's. */

#ifndef MEDIA_DB_H
#define MEDIA_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "media/chapters.h"
#include "media/walk.h"
#include "plan/facts.h"
#include "plan/library.h"

#define DB_NAME		"library.db"

struct db;

/* Open it to write; creates state_dir where it is missing.  One of an
 * earlier version is emptied; a file that is no database of ours is moved
 * aside to library.db.bad.  Never NULL;
 * what is wrong, now and later, is a warning in e, which must outlive the
 * struct db. */
struct db *db_open(const char *state_dir, struct errs *e);

/* Open it to read; NULL where there is none that can be read, with a
 * sentence (malloc'd) in *why. */
struct db *db_open_read(const char *state_dir, char **why);

/* Frees it; what was put and not committed is committed. */
void db_close(struct db *d);

/* False where what is put is lost: nothing can be written. */
bool db_is_kept(const struct db *d);

enum db_known {
	DB_NEW,			/* nothing of that path */
	DB_CHANGED,		/* something of another size or time */
	DB_UNSURE,		/* the last try said nothing for sure */
	DB_KNOWN,		/* a, *c and n->tags are as probe_file() left
				 * them */
};

/* What is written about a file, in it and beside it.  NULL: nothing. */
struct db_notes {
	struct facts *tags, *nfo, *sidecar;
	bool nfo_known;		/* false: to be read */
	bool sidecar_known;
};
void db_notes_fini(struct db_notes *n);

/* Spares many db_get()s a lock each; db_commit() before anything is put. */
void db_begin_reading(struct db *d);

/* What is known of f; a's loudness and lulls, too, where they have been
 * measured.  A note that has changed since it was read is not known. */
enum db_known db_get(struct db *d, const struct walk_file *f,
    struct asset *a, struct chapters *c, struct db_notes *n);

/* Remember what probe_file() said; sure is what it returned.  What else was
 * known of the file is forgotten. */
void db_put(struct db *d, const struct walk_file *f, const struct asset *a,
    const struct chapters *c, const struct facts *tags, bool sure);

/* Remember why f cannot air after all; what else is known of it stays. */
void db_put_bad(struct db *d, const struct walk_file *f, const char *why,
    bool sure);

/* Remember what a note of that stamp says: f's .nfo, f's sidecar, a
 * tvshow.nfo. */
void db_put_nfo(struct db *d, const struct walk_file *f,
    const struct facts *facts);
void db_put_sidecar(struct db *d, const struct walk_file *f,
    const struct facts *facts);
void db_put_show(struct db *d, const struct walk_show *s,
    const struct facts *facts);

/* What a tvshow.nfo said when it was read; false: it is to be read. */
bool db_get_show(struct db *d, const struct walk_show *s,
    struct facts *facts);

/* A file that has not been measured, with what is known of it; free with
 * db_unmeasured_fini(). */
struct db_unmeasured {
	struct walk_file file;		/* path, size and time */
	struct asset asset;		/* as db_list() tells it */
};

/* Up to max of them that can air, the shortest first, into v: those behind
 * the one of that duration and id, which then are those of the last.  Returns
 * how many; *left is how many there are in all. */
size_t db_list_unmeasured(struct db *d, struct db_unmeasured *v, size_t max,
    int64_t *duration_us, int64_t *id, size_t *left);
void db_unmeasured_fini(struct db_unmeasured *u);

/* Remember how loud a file of that size and time is, and its lulls. */
void db_put_measure(struct db *d, const struct walk_file *f,
    const struct asset *a);

/* Remember what the asset is once all notes have had their say: title, type,
 * about, and why it cannot air (NULL: it can) where the probe is content. */
void db_describe(struct db *d, const struct asset *a, const char *fault);

/* Forget the files that are not in w, which is sorted, except below what w
 * could not read; returns how many. */
size_t db_forget(struct db *d, const struct walk *w);

/* Make what was put last. */
void db_commit(struct db *d);

/* One file as db_list() tells it. */
struct db_file {
	struct asset asset;	/* no markers; title, type, about and bad are
				 * the effective ones */
	struct chapters chapters;
	int64_t size;		/* bytes */
	int64_t mtime_ns;	/* since 1970, as stat(2) says */
};

/* Call fn, while it returns true, with each file in the order of the paths,
 * bytewise; what it is given is borrowed.  0, or -1 where the database
 * cannot be read to its end, with a sentence (malloc'd) in *why. */
int db_list(struct db *d, bool (*fn)(void *ctx, const struct db_file *f),
    void *ctx, char **why);

/* The file at that path; free with db_file_fini().  False where it is not
 * known. */
bool db_find(struct db *d, const char *path, struct db_file *f);
void db_file_fini(struct db_file *f);

#endif
