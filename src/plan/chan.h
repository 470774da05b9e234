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
#include "plan/network.h"
#include "plan/node.h"
#include "plan/station.h"
#include "plan/traffic.h"
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

/* Pools by their index: those of `pools` first, then the files that entries
 * name themselves (chan_pool()). */
struct pool_list {
	size_t *v;
	size_t n, cap;
};

/* How a programme sits in its grid slots. */
struct program {
	char *name;		/* NULL: of an entry that needs none */
	char *title;		/* or NULL */
	size_t *pools;
	size_t npools;
	int grid_blocks;	/* just so many slots ... */
	int grid_max;		/* ... or at most so many; 0: as it needs */
	bool accumulate;	/* several assets share the slots */
	bool bleed;
	struct pool_list presentation, intro;	/* one of each before it ... */
	struct pool_list outro;			/* ... and after it */
	bool used;
	unsigned line, column;
};

enum block_kind {
	BLOCK_SHOWS,		/* programmes, one after the other */
	BLOCK_AT,		/* one programme, of all its pools, then */
	BLOCK_OFF_AIR,		/* a sign-off, then nothing */
};

/* Whose airing it repeats. */
struct rerun {
	char *channel;		/* a slug; NULL: it is none */
	int hours;		/* ago */
};

/* An entry of the schedule. */
struct block {
	enum block_kind kind;
	struct when when;	/* the days it is on: its layer */
	int start_s;		/* local seconds since midnight, 0..86400; a
				 * later one of a list of slots: up to a day
				 * more */
	int length_s;		/* of wall clock, 1..86400; equal start and
				 * end are 24 h; of BLOCK_AT 0: what it airs
				 * decides */
	char *title;		/* or NULL: the assets' own */
	char *description;	/* or NULL */
	bool first_run;
	struct rerun rerun;
	size_t *pools;		/* indices (struct pool_list); BLOCK_SHOWS has
				 * one at least, or programs */
	size_t npools;
	size_t *programs;	/* indices into chan.programs */
	size_t nprograms;
	enum block_mode mode;
	struct match only;	/* of the pools' assets; zeroed: all */
	bool bleed;		/* what begins in it airs to its end */
	bool hard;		/* BLOCK_AT: never late */
	bool skip_intro;	/* but the first of consecutive episodes' */
	bool skip_outro;
	unsigned line, column;
};

/* In the channel's file; zeroed: in one that it includes. */
struct chan_place {
	unsigned line, column;
};

struct chan {
	char *file;		/* for messages */
	char *slug;		/* the identity */
	uint16_t ts_id;		/* what the stream says of that ... */
	const struct network *network;	/* ... among these; NULL: alone */
	char *number;		/* "5" or "5.1" */
	struct chan_place slug_at, number_at;
	char *name;
	char *logo, *group, *language;		/* NULL where not given */
	enum chan_type type;
	char *timezone;		/* IANA name; NULL: the station's */
	unsigned timezone_line, timezone_column;
	int day_start_s;	/* local seconds since midnight */
	struct format format;
	bool always;		/* on the air without viewers too */
	int64_t linger_ns;
	int64_t backlog_ns;	/* what a viewer gets at once */
	int catchup_h;		/* hours back that can still be watched; 0:
				 * none */
	char *filler;		/* absolute path of a file that need not be
				 * in a library, or NULL */
	const struct pool *filler_pool;	/* of pools, where it is one, or NULL */
	struct chan_place filler_at, slate_at, logo_at;	/* the keys */
	char *slate;		/* absolute path of a picture or a short video
				 * that airs when something failed, or NULL */
	bool slate_noc;		/* in its place: text that says what failed */
	struct pool *pools;
	size_t npools;
	struct pool *files;	/* that entries name: each a pool by itself */
	size_t nfiles;
	struct program *programs;
	size_t nprograms;
	struct block *blocks;	/* by layer, the least specific first, then in
				 * file order: later ones replace what they
				 * cover of earlier ones */
	size_t nblocks;
	struct chan_place schedule_at;
	struct traffic traffic;
};

/* The channel in the file at path, or NULL; every fault goes to e.  Paths
 * are taken relative to st->dir, pool patterns also below st->libraries. */
struct chan *chan_load(const char *path, const struct station *st,
    node_read_fn *read, void *ctx, struct errs *e);
void chan_free(struct chan *c);

/* In the order of their numbers: 2, 5, 5.1, 5.10, 10. */
int chan_compare(const struct chan *a, const struct chan *b);

/* What no single file can tell of the first ntold of the channels, held
 * against all: slugs and numbers that are taken twice; and, a warning, reruns
 * of channels that there are not. */
void chan_check_unique(struct chan *const *chans, size_t n, size_t ntold,
    struct errs *e);

/* Warn of times that no entry has, and of entries that others cover. */
void chan_check_times(const struct chan *c, struct errs *e);

/* The pool of that index, of pools or of files. */
const struct pool *chan_pool(const struct chan *c, size_t i);

/* True if a programme of the block may run over its end. */
bool block_bleeds(const struct chan *c, const struct block *b);

/* True if the asset belongs to the pool. */
bool pool_has(const struct pool *p, const struct asset *a);

#endif
