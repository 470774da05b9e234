/* station_parts.h - what the running station's files share.
 *
 * station_run.c has the loop from start to end, station_edition.c what comes
 * of reading the files, station_listen.c the sockets, station_end.c the end. */

#ifndef IO_STATION_PARTS_H
#define IO_STATION_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <uv.h>

#include "base/clock.h"
#include "io/catchup.h"
#include "io/discover.h"
#include "io/feed.h"
#include "io/guides.h"
#include "io/http.h"
#include "io/loader.h"
#include "io/measurer.h"
#include "io/notify.h"
#include "io/pages.h"
#include "io/planner.h"
#include "io/spawns.h"
#include "io/station_run.h"
#include "io/takeover.h"
#include "media/edition.h"

#define STATION_RUNNING	75	/* exit code: another daemon runs */

/* Channels, in the order in which they are shown. */
struct feeds {
	struct feed **v;
	size_t n, cap;
};

struct station_run {
	const struct station_options *options;
	uv_loop_t loop;
	uv_timer_t timer;		/* the earliest deadline of all */
	uv_timer_t end_timer;
	uv_signal_t sigterm, sigint, sighup, sigusr1;
	struct clock clock;
	struct http *http;
	struct loader *loader;
	struct planner *planner;	/* NULL: there is none */
	struct guides *guides;
	struct measurer *measurer;
	struct notify *notify;
	struct discover *discover;	/* NULL: nobody is told */
	struct edition *edition;	/* NULL until the first is there */
	struct feeds feeds;
	struct feeds retired;		/* their children are still ending */
	struct spawns spawns;
	struct pages pages;
	struct takeovers *takeovers;
	struct catchups *catchups;
	char *name;			/* the station's, as at the start */
	char *asrun_dir;
	int64_t progress_at;		/* when to say how far the scan is */
	uint64_t lost_at;		/* the loop's ms: when to look for that */
	bool stepped;			/* the clock has, not yet the channels */
	bool ending, killed;
	int64_t end_ns;			/* monotonic: be gone by then */
	int starter;			/* waits in the foreground; -1: none */
	int rc;
};

/* Nanoseconds on one of the system's clocks. */
int64_t station_clock_ns(clockid_t id);

/* The house clock, how far it has stepped and a word to the loop; ctx is a
 * struct station_run. */
int64_t station_now(void *ctx);
int64_t station_stepped(void *ctx);
void station_wake(void *ctx);

/* What all feeds are told of the world. */
struct feed_env station_feed_env(struct station_run *s);

/* Channels are there, though they cannot air, before the library is. */
void station_feeds_init(struct station_run *s, const struct config *cfg);

/* Is there a channel whose plan does not reach to now?  So it is where the
 * clock was set by weeks, or has gone on while nothing else did. */
bool station_is_lost(struct station_run *s);

/* Tell the channels that still wait how far it is. */
void station_waits_say(struct station_run *s);

/* The loader's and the measurer's words; ctx is a struct station_run. */
void station_on_begin(void *ctx);
bool station_on_early(void *ctx, struct edition *ed);
void station_on_loaded(void *ctx, struct edition *ed, const struct errs *e,
    size_t nconfig);
void station_on_marked(void *ctx, const struct errs *e);
void station_on_measured(void *ctx);

/* Begin to end, as a signal wants it; the loop stops once all children are
 * gone, or the process with what cannot be ended.  Then, or where it has not
 * got so far: free all, close the log. */
void station_end(struct station_run *s);
void station_close(struct station_run *s);

/* Bind all that st names; 0, or the exit code, and stderr has been told. */
int station_listen(struct station_run *s, const struct station *st);

#endif
