/* loader_parts.h - what the loader's files share: loader.c is the loop's part,
 * loader_main.c the thread's. */

#ifndef IO_LOADER_PARTS_H
#define IO_LOADER_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "io/loader.h"
#include "media/config.h"
#include "media/edition.h"
#include "media/mark.h"

struct loader {
	struct loader_env env;
	char *state_dir;
	uv_async_t loaded;
	uv_async_t offered;		/* an early edition */
	uv_timer_t look;
	uv_timer_t retry;		/* where there was no thread */
	unsigned lacks;			/* looks in a row that lacked something */
	int open;			/* handles */
	pthread_t thread;
	bool busy;			/* from begin() to finish() */
	bool threaded;
	bool again;			/* asked while busy */
	bool read_next;			/* the configuration, too */
	bool slow;			/* patience is over: who asks need not
					 * wait for the end */
	bool resume;			/* a reading was cut, and goes on where
					 * the files are at fault */
	struct marks waiting;
	struct config *started;		/* as the daemon was started; from then
					 * on only read */
	struct config *first;		/* in use before there is an edition */
	struct config *kept;		/* of an early edition on the air; NULL:
					 * what is on is whole, or nothing is */
	struct config *current;		/* the last edition's; NULL */
	bool fresh;			/* there has been no edition yet */
	struct loader_state last;	/* without what changes meanwhile */
	struct errs last_errs;

	/* The thread's while it runs, else the loop's. */
	struct config *cfg;		/* given, else to be read */
	struct edition *edition;
	bool lacking;			/* something could not be looked at */
	struct errs errs;
	size_t nconfig;			/* of these, from the configuration */
	bool parsed;			/* that was good enough to plan from */
	bool wanted;			/* an edition, not only marks */
	bool strict;			/* the configuration is not in force yet:
					 * faults of the plan are to mend */
	bool firm;			/* it is, and nothing whole is on the
					 * air: taken whatever it lacks */
	struct marks marks;

	volatile int stop;		/* shared: set by the loop at the end, */
	volatile int cut;		/* ... or to begin once more */
	struct edition *offer;		/* shared, atomic; or NULL */
	int64_t now_ns;			/* shared, atomic: see edition.h */
	bool resume_plan;		/* ... and this */
	size_t done, total;		/* shared, atomic */
};

/* Note what waits, then make the edition if one is wanted.  arg is the loader;
 * the loop hears of the end by l->loaded. */
void *loader_main(void *arg);

/* How far it is; ctx is the loader. */
void loader_progress(void *ctx, size_t done, size_t total);

#endif
