/* asrun.h - what really aired, as the rows of an as-run log.
 *
 * A segment has two rows each time that it is put on the air: SEG_START, and
 * one that says how it went, of which the first that holds counts:
 *
 *   ERROR		slate was in it
 *   SUBSTITUTED	filler stood in for it, or for some of it; or an
 *			operator's takeover did
 *   SHORT		its source ended early and its last picture was held
 *   TRUNCATED		it was joined in progress or left before its end
 *   AIRED		all of its pictures went out, and nothing else
 *
 * SKIPPED is the one row of a segment that never came on: the clock has
 * jumped over it.  SUBSTITUTED is the one row of a segment that never came on
 * because a takeover had all of its time; the takeover has rows of its own.
 * What a skip brought on early has the name and the times that it has in the
 * plan.  So AIRED is a promise, and the only one: frames aired are
 * frames planned.
 *
 * A row goes into the file of the broadcast day in which the segment was to
 * begin.  Times are of that day on the channel's own clocks, hours counted on
 * past midnight (25:30:00 is half past one), with the picture of the second
 * behind the last colon. */

#ifndef AIR_ASRUN_H
#define AIR_ASRUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "air/channel.h"
#include "base/buf.h"
#include "base/tz.h"
#include "plan/chan.h"
#include "plan/timeline.h"

#define ASRUN_STATUSES(X)						\
	X(SEG_START) X(AIRED) X(TRUNCATED) X(SHORT) X(SKIPPED)		\
	X(SUBSTITUTED) X(ERROR)

enum asrun_status {
#define X(name) ASRUN_##name,
	ASRUN_STATUSES(X)
#undef X
	ASRUN_NSTATUSES
};

const char *asrun_status_name(enum asrun_status s);

struct asrun_row {
	enum asrun_status status;
	int64_t date;		/* the broadcast day of its file */
	int64_t n0, n1;		/* planned */
	int64_t slot, end;	/* on the air: [slot, end) */
	enum segment_kind kind;
	char *asset, *title;	/* NULL: none; borrowed in a callback */
	int64_t ahead;		/* so many frames before it was planned */
	bool never;		/* it never came on */
	int64_t late_ns;	/* the first slot's release */
	struct channel_source from;
	int64_t held;
	size_t viewers_max;
	char reason[400];	/* "": none */
};

/* How many pictures of it went out. */
int64_t asrun_frames(const struct asrun_row *r);

/* Where a channel's rows come from and go to; all of it borrowed. */
struct asrun_env {
	const struct chan *ch;
	struct timeline *timeline;
	void (*put)(void *ctx, const struct asrun_row *r);
	void *ctx;
};

#define ASRUN_FAILURES	4	/* remembered */

/* One channel's; zeroed, nothing is on the air. */
struct asrun {
	bool open;		/* row has had its SEG_START only */
	struct asrun_row row;
	bool cut;		/* it left the air to go on at once ... */
	int64_t next;		/* ... with this slot, ... */
	const char *why;	/* ... for that reason */
	int64_t displaced;	/* by a takeover on the air: what begins from
				 * here on, and has no row yet */
	char displacer[OVERRIDE_WHY];
	struct asrun_failure {
		int64_t n0, n1;	/* of what was to be played */
		char text[sizeof ((struct channel_event *)0)->text];
	} failures[ASRUN_FAILURES];
	size_t nfailures;	/* ever */
};

/* Take note of an event; puts up to 100 rows.  viewers: how many watch now.
 * why: what makes a segment leave before its end, where the caller knows, or
 * NULL; it lasts as long as a does. */
void asrun_event(struct asrun *a, const struct asrun_env *env,
    const struct channel_event *e, size_t viewers, const char *why);

/* So many watch now. */
void asrun_viewers(struct asrun *a, size_t viewers);

/* The channel has been stopped: what comes next may begin anywhere. */
void asrun_stopped(struct asrun *a);

void asrun_fini(struct asrun *a);

/* Append what a file of that day begins with; a row as a line of it. */
void asrun_add_head(struct buf *out, const struct asrun_env *env,
    int64_t date);
void asrun_add_row(struct buf *out, const struct asrun_env *env,
    const struct asrun_row *r);

#endif
