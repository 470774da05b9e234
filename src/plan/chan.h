/* chan.h - a channel file, read and checked: what the planner works from.
 * Immutable once loaded. */

#ifndef PLAN_CHAN_H
#define PLAN_CHAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/format.h"
#include "plan/library.h"
#include "plan/match.h"
#include "plan/node.h"
#include "plan/station.h"
#include "plan/when.h"

enum chan_type {
	CHAN_NETWORK,		/* breaks inside programmes */
	CHAN_MOVIE,		/* only after them (also "premium") */
};

/* In which order a pool's assets come. */
enum pool_order {
	POOL_BY_NAME,		/* series, season, episode; else the title */
	POOL_BY_PATH,
	POOL_BY_YEAR,
	POOL_SHUFFLED,		/* once and for all */
};

/* Which assets, by where their files are, by what they are, or both. */
struct pool {
	char *name;
	char **patterns;	/* of absolute paths, see glob.h; literal */
	size_t npatterns;	/* directories stand for all below them */
	bool matches;		/* `match` is given */
	struct match match;
	enum pool_order order;
	unsigned line, column;
};

enum block_mode {
	BLOCK_SEQUENTIAL,	/* in order, pool after pool */
	BLOCK_RANDOM,		/* drawn each time */
	BLOCK_SHUFFLE,		/* each once per cycle, the pools in turn */
};

struct block {
	struct when when;	/* the days it is on: its layer */
	int start_s;		/* local seconds since midnight, 0..86400 */
	int length_s;		/* of wall clock, 1..86400; equal start and
				 * end are 24 h */
	char *title;		/* or NULL: the assets' own */
	size_t *pools;		/* indices into chan.pools, at least one */
	size_t npools;
	enum block_mode mode;
	unsigned line, column;
};

struct chan {
	char *file;		/* for messages */
	char *slug;		/* the identity */
	char *number;		/* "5" or "5.1" */
	char *name;
	char *logo, *group, *language;		/* NULL where not given */
	enum chan_type type;
	char *timezone;		/* IANA name; NULL: the station's */
	int day_start_s;	/* local seconds since midnight */
	struct format format;
	bool always;		/* on the air without viewers too */
	int64_t linger_ns;
	char *filler;		/* absolute path of a file that need not be
				 * in a library, or NULL */
	const struct pool *filler_pool;	/* of pools, where it is one, or NULL */
	unsigned filler_line, filler_column;	/* of the key */
	char *slate;		/* absolute path of a picture or a short video
				 * that airs when something failed, or NULL */
	bool slate_noc;		/* in its place: text that says what failed */
	struct pool *pools;
	size_t npools;
	struct block *blocks;	/* by layer, the least specific first, then in
				 * file order: later ones replace what they
				 * cover of earlier ones */
	size_t nblocks;
};

/* The channel in the file at path, or NULL; every fault goes to e.  Paths
 * are taken relative to st->dir, pool patterns also below st->libraries. */
struct chan *chan_load(const char *path, const struct station *st,
    node_read_fn *read, void *ctx, struct errs *e);
void chan_free(struct chan *c);

/* What no single file can tell: slugs and numbers that are taken twice. */
void chan_check_unique(struct chan *const *chans, size_t n, struct errs *e);

/* True if the asset belongs to the pool. */
bool pool_has(const struct pool *p, const struct asset *a);

#endif
