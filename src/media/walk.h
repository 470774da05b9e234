/* walk.h - the media files below some directories: names, sizes, times.
 *
 * A directory is read once per library however many symbolic links lead to
 * it, so loops end; what is there in its own right is found before what a
 * link shows, so that a file keeps its real path.  Names are any bytes but
 * NUL and '/'; those that begin with a dot are passed over.  No file is
 * opened. */

#ifndef MEDIA_WALK_H
#define MEDIA_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/library.h"

/* When a file was last changed, as far as one can see from outside. */
struct walk_stamp {
	int64_t size;			/* 0 where it cannot be seen */
	int64_t mtime_ns;
};

struct walk_file {
	char *path;
	enum asset_type type;
	int64_t size;			/* 0 where the file cannot be seen */
	int64_t mtime_ns;
	uint64_t device;		/* that it is on; 0 as above */
	size_t root;			/* bytes of the path that are the
					 * library's; 0: it is in none */
	bool has_sidecar;		/* something is called PATH.yaml */
	struct walk_stamp sidecar;
	char *nfo;			/* path of its .nfo, or NULL */
	struct walk_stamp nfo_stamp;
	size_t library;			/* as walk_take() was told */
	size_t order;			/* of being found: the first wins */
};

/* A tvshow.nfo, which is about all that is below its directory. */
struct walk_show {
	char *path;
	struct walk_stamp stamp;
};

struct walk {
	struct walk_file *files;
	size_t n, cap;
	struct walk_show *shows;
	size_t nshows, shows_cap;
	char **unread;			/* what could not be read: what lies
					 * below may be there all the same */
	size_t nunread, unread_cap;
	size_t steps;			/* counts up on the way; atomic */
};

/* Add what is below the directory root; a directory that cannot be read, and
 * a library without a single file (its disk may not be mounted), is unread
 * and a warning in e; so is a sidecar beside which its file is not.  Ends early when *stop (may be NULL) is not zero. */
void walk_library(struct walk *w, const char *root, enum asset_type type,
    const volatile int *stop, struct errs *e);

/* Note that path, and what lies below it, could not be read. */
void walk_miss(struct walk *w, const char *path);

/* True where path[len] is, or lies below, what could not be read. */
bool walk_is_missed(const struct walk *w, const char *path, size_t len);

/* Add one file, whether it is there and whatever its name. */
void walk_add(struct walk *w, const char *path, enum asset_type type);

/* Move what is in from, the library of that number, to w; from is then empty.
 * Of a path in two libraries, one below the other, the lower one wins; where
 * both are the same directory, that of the lower number. */
void walk_take(struct walk *w, struct walk *from, size_t library);

/* By path, bytewise, each path once, see walk_take(); else as it was added
 * first. */
void walk_sort(struct walk *w);

/* The tvshow.nfo nearest above the file at path, or NULL; w is sorted. */
const struct walk_show *walk_show_of(const struct walk *w, const char *path);

void walk_fini(struct walk *w);

/* True where the name ends like a media file's. */
bool walk_is_media(const char *name);

#endif
