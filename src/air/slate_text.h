/* slate_text.h - what the slate says to people who know what to do about it:
 *
 *	5 Retro
 *	retro-44212230000
 *	fog.mkv
 *	exit 1: fog.mkv: Invalid data found
 *	2026-01-15 14:30:05 UTC
 *
 * the channel, the segment that should be on by its EVENT_ID and its file,
 * why it is not, and the second that the picture is of. */

#ifndef AIR_SLATE_TEXT_H
#define AIR_SLATE_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "plan/chan.h"
#include "plan/plan.h"

/* Append that.  cause: what the last child said, "" if nothing; at: the
 * slot's air time. */
void slate_text(struct buf *out, const struct chan *ch,
    const struct segment *s, const char *cause, int64_t at);

#endif
