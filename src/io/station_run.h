/* station_run.h - the running station: one loop, one timer, every channel. */

#ifndef IO_STATION_RUN_H
#define IO_STATION_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "air/shim.h"
#include "io/pidfile.h"
#include "io/privs.h"
#include "media/config.h"

struct station_options {
	bool daemonize;		/* to the background once all is bound */
	int64_t start_ns;	/* house clock begins there; -1: UTC */
	const char *ffmpeg, *ffprobe;
	const struct shim *shim;
	const struct privs *user;	/* to become once all is bound, or
					 * NULL: we stay who we are */
	const char *config;	/* the station file, absolute, for reloads */
	struct pidfile *pidfile;	/* locked */
	int ready_fd;		/* see notify_new(); station_run()'s */
};

/* Run the station until SIGTERM or SIGINT; takes cfg over.  Returns the exit
 * code (sysexits(3); 75 where another daemon runs).  The log, which is open,
 * is closed with it. */
int station_run(struct config *cfg, const struct station_options *o);

#endif
