/* probe.h - one media file, asked with ffprobe: duration, streams, chapters.
 * Blocks; never on the loop. */

#ifndef MEDIA_PROBE_H
#define MEDIA_PROBE_H

#include "air/shim.h"
#include "media/chapters.h"
#include "plan/facts.h"
#include "plan/library.h"

enum probe_answer {
	PROBE_UNSURE,		/* it may be another one next time */
	PROBE_SURE,		/* the file's own, until the file changes */
	PROBE_UNASKED,		/* the system lacked what asking takes: that
				 * says nothing about the file */
};

/* Fill a's duration, streams, picture and codecs, *c and *tags, or
 * a's bad (malloc'd reason), for the file a->path.  The file is opened through
 * "file:" and white-lists, so nothing in it or in its name makes ffprobe open
 * another; it is killed after 20 s, or at once when *stop (may be NULL)
 * becomes non-zero.  It is started through shim, where that is not NULL.  Where
 * the system lacks descriptors, memory or processes it is waited for. */
enum probe_answer probe_file(const char *ffprobe, const struct shim *shim,
    const volatile int *stop, struct asset *a, struct chapters *c,
    struct facts *tags);

#endif
