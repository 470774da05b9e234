/* tlogfile.h - transmission logs on disk: DIR/CHANNEL/DATE.tlog for people,
 * and beside each DATE.tlog.jsonl for programs and for the daemon itself: one
 * JSON object a line for each segment, then one for the day with its
 * cursors.
 *
 * Files are replaced as a whole.  Where one is missing or at fault its day is
 * planned anew.  Blocks on disks. */

#ifndef MEDIA_TLOGFILE_H
#define MEDIA_TLOGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "plan/library.h"
#include "plan/timeline.h"
#include "plan/tlog.h"

#define TLOGFILE_LOCK_S	600	/* what begins by then stands */
#define TLOGFILE_DAYS	70	/* logs kept: as far as catch-up goes back, and
				 * some that a wrong clock may cost */
#define TLOGFILE_AHEAD	2	/* days after today that may be planned */

/* Where the logs of a station are, malloc'd. */
char *tlogfile_dir(const char *state_dir);

/* The path of a day's log, malloc'd; suffix "" or ".jsonl". */
char *tlogfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix);

/* True where that is the path of one that is for programs. */
bool tlogfile_is_log(const char *path);

/* Append the segments of a day, an object a line; with why each was chosen
 * where t, which may be NULL, is the timeline that they are of. */
void tlogfile_add_segments(struct buf *out, const char *slug,
    struct rate rate, const struct day *d, struct timeline *t);

/* Append a day, as what a file of programs holds; cursors are those at its
 * end, as text.  before is what the file has now: of what t only keeps it
 * knows why it was chosen. */
void tlogfile_add_json(struct buf *out, const char *slug, struct rate rate,
    const struct day *d, struct timeline *t, struct buf *before,
    const char *cursors);

/* The log in those bytes, whole; or NULL with *why a static text. */
struct tlog *tlogfile_parse(const char *text, size_t len, const char *slug,
    int64_t date, const char **why);

/* The stored log of a day, whole; else NULL, with *why NULL where there is
 * none, else (static, or until the next strerror()) what is wrong with it. */
struct tlog *tlogfile_read(const char *dir, const char *slug, int64_t date,
    const char **why);

/* What a daemon goes on from. */
struct tlogfile_start {
	const char *dir;
	const struct library *library;
	int64_t now_ns;		/* house clock */
	int64_t lock_s;		/* what begins so much later at the latest
				 * stands, and so does its programme; < 0:
				 * nothing does */
	int64_t until;		/* what is before this frame does, too */
};

/* Let t, which is new, go on from what is stored: its cursors from the end of
 * the last day before today of which there is a log, and what is to stand.
 * Of days after tomorrow nothing is read: a wrong clock may have made them.
 * Logs that cannot be believed are warnings in e. */
void tlogfile_start(struct timeline *t, const struct tlogfile_start *s,
    struct errs *e);

/* Store what t has for that day, unless just that is stored.  0, or -1 with
 * errno. */
int tlogfile_save(const char *dir, struct timeline *t, int64_t date);

/* Where a channel has more than TLOGFILE_DAYS logs of days up to today, remove
 * the oldest of them, and those of days that cannot have been planned yet. */
void tlogfile_forget(const char *dir, const char *slug, int64_t today);

#endif
