/* config.h - the station file and every channel file that belongs to it,
 * read from disk in one go: for the daemon and for retrovuectl validate.
 *
 * Blocks on disks.  What is at fault is left out and reported, so that one
 * run finds every fault; refuse the whole where e->faults has grown. */

#ifndef MEDIA_CONFIG_H
#define MEDIA_CONFIG_H

#include <stddef.h>

#include "base/err.h"
#include "base/tz.h"
#include "plan/chan.h"
#include "plan/network.h"
#include "plan/station.h"

struct config {
	struct station *station;
	struct chan **chans;	/* in the order of their numbers */
	size_t nchans;
	struct network network;	/* of all these */
	int refs;		/* beside the first; atomic */
};

/* The station in the file at path (relative: to the working directory) with
 * its channels.  NULL where the station file itself is at fault; else what
 * could be read, with the faults in e. */
struct config *config_load(const char *path, struct errs *e);

/* The same with the channels in files[n] in place of the station's own, which
 * they must get along with all the same: but for those in the same files and,
 * where a file is none of the station's, with the same `channel`.  With a path
 * of NULL against a station whose every key has its default; never NULL
 * then. */
struct config *config_load_files(const char *path, char *const *files,
    size_t n, struct errs *e);

/* One more that frees it. */
struct config *config_ref(struct config *c);

/* The last one frees it. */
void config_free(struct config *c);

/* Where the daemon of the station file at path listens, however faulty the
 * rest is; malloc'd.  NULL with the faults in e where that is not known. */
char *config_socket(const char *path, struct errs *e);

/* The zone of that IANA name from the system's zone files (UTC needs none),
 * or NULL with a fault about file in e.  Free with tz_free(). */
struct tz *config_zone(const char *name, const char *file, struct errs *e);

#endif
