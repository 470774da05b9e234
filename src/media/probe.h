/* probe.h - one media file, asked with ffprobe: duration, streams.
 * Blocks; never on the loop. */

#ifndef MEDIA_PROBE_H
#define MEDIA_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arith.h"
#include "plan/library.h"

/* What no sound file exceeds: its duration, its streams' indices. */
#define PROBE_MAX_US		(31 * 86400 * US_PER_S)
#define PROBE_MAX_STREAM	10000

/* Fill a's duration_us, has_video, has_audio, video_stream, audio_stream or
 * its bad (malloc'd reason) for the file a->path.  The file is opened through
 * "file:" and white-lists, so nothing in it or in its name makes ffprobe open
 * another; it is killed after 20 s, or at once when *stop (may be NULL)
 * becomes non-zero.  True if the answer is the file's own and will be the
 * same until the file changes; false if it could not be asked. */
bool probe_file(const char *ffprobe, const volatile int *stop,
    struct asset *a);

/* What ffprobe's JSON says about a file; 0, or -1 with a->bad set.  Apart so
 * that tests can feed it any bytes. */
int probe_parse(const char *json, size_t len, struct asset *a);

#endif
