/* loader.h - the next edition of the station, made on a thread of its own.
 *
 * Happy path: loader_ask(), a thread reads the files and the library, then
 * on_loaded() on the loop takes the edition over.  Asked while it is at work,
 * the loader begins once more when it is done, however often it was asked;
 * it is done at once where that has taken long enough for an early edition:
 * what it has found out is kept, and where the files are at fault then it goes
 * on with those it had.  Files that could not be played are noted by the same
 * thread, before the edition or without one.
 * Files at fault refuse the edition; what is on the air goes on.  Where that is
 * an early edition, of the refused configuration even, an edition of the one in
 * force follows, which is not refused. */

#ifndef IO_LOADER_H
#define IO_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "media/edition.h"

struct loader;

struct loader_env {
	uv_loop_t *loop;
	const char *config;		/* the station file */
	const char *ffmpeg, *ffprobe;
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;		/* copied: no reload changes it */
	int64_t (*now)(void *ctx);	/* the house clock */
	void (*on_begin)(void *ctx);	/* files are about to be read */
	/* An early edition: the receiver's, and on the air, where it returns
	 * true; else it is left alone. */
	bool (*on_early)(void *ctx, struct edition *ed);
	/* ed is the receiver's; NULL: refused.  e is borrowed, its first
	 * nconfig items are about the configuration's files. */
	void (*on_loaded)(void *ctx, struct edition *ed,
	    const struct errs *e, size_t nconfig);
	/* Files were noted; what went wrong with that. */
	void (*on_marked)(void *ctx, const struct errs *e);
	void *ctx;
};

/* Everything else in env is borrowed and outlives the loader. */
struct loader *loader_new(const struct loader_env *env);

/* Give up soon: said to all that are to end before the first is waited for. */
void loader_stop(struct loader *l);

/* Give up soon, wait so long at most for the thread, free; the handles are
 * closed by then and go with the loop's next turn.  False where a disk holds
 * the thread: it is left behind, and only _exit() is left. */
bool loader_close(struct loader *l, int64_t ms);

/* The first edition, of this configuration, which the loader takes over. */
void loader_start(struct loader *l, struct config *cfg);

/* Read everything anew, as an operator wants it: what the plan lacks refuses
 * it.  Returns the number of the edition in which all that is on disk now will
 * be seen. */
uint64_t loader_ask(struct loader *l);

/* Look through the libraries under the configuration in force, of which
 * nothing is read anew.  The loader does so by itself: every
 * station.rescan_ns, and soon where a directory could not be read or the
 * system lacked what it takes to look at a file. */
void loader_look(struct loader *l);

/* The house clock has stepped: what is being made is planned for the new time,
 * and so is what follows at once, as loader_look() has it.  There what is
 * stored of that time stands, as at a start. */
void loader_step(struct loader *l);

/* The file could not be played: the library is to know, as mark.h says.  Told
 * of later than it is noted, and without a new edition. */
void loader_mark(struct loader *l, const char *path, const char *why);

struct loader_state {
	bool busy;
	size_t done, total;		/* files of the library */
	uint64_t number;		/* of the last edition, or refusal */
	bool refused;
	struct scan_counts counts;	/* of the last edition's library */
	int64_t finished_ns;		/* house clock; 0: never */
	const struct errs *errs;	/* of the last one, borrowed */
};
struct loader_state loader_state(const struct loader *l);

#endif
