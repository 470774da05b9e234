/* daytext.h - how a transmission log and an as-run log say what and when: one
 * way for both, so that a line of the one can be held against the other's.
 *
 * Times are of a broadcast day on the channel's own clocks, hours counted on
 * past midnight (25:30:00 is half past one), with the picture of the second
 * behind the last colon. */

#ifndef PLAN_DAYTEXT_H
#define PLAN_DAYTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/tz.h"
#include "plan/plan.h"

#define DAYTEXT_ID	96	/* bytes of an EVENT_ID, with its NUL */

/* The EVENT_ID of the segment that begins at frame n0. */
void daytext_id(char id[DAYTEXT_ID], const char *slug, int64_t n0);

/* A break's spot has a title of its own, a programme's part the programme's
 * (p, or NULL); NULL where nothing has one. */
const char *daytext_title(const struct segment *s, const struct programme *p);

/* The same as people say it, "Cheers S03E04: Endless Slumper" of a part of a
 * programme, "Sitcoms: Cheers S03E04: ..." where the schedule calls it so;
 * malloc'd, or NULL. */
char *daytext_name(const struct segment *s, const struct programme *p);

/* The programme's; malloc'd. */
char *daytext_programme(const struct programme *p);

/* True where the schedule has given an episode a title that is not its
 * series'. */
bool daytext_is_titled(const struct programme *p);

/* What a guide shows below the title: of such a one what it really is, "Cheers
 * S03E04: Endless Slumper", else "Endless Slumper"; malloc'd, or NULL. */
char *daytext_subtitle(const struct programme *p);

/* Append the time at frame n on the clocks of that broadcast day; so many
 * frames as a length; each with two spaces behind it. */
void daytext_add_time(struct buf *out, const struct chan *ch,
    const struct tz *z, int64_t date, int64_t n);
void daytext_add_length(struct buf *out, struct rate r, int64_t frames);

/* Append "UTC-05:00 | " where the clocks at frame n are not those that the
 * day began with. */
void daytext_add_shift(struct buf *out, const struct chan *ch,
    const struct tz *z, int64_t date, int64_t n);

/* Append the first line of a day's log. */
void daytext_add_head(struct buf *out, const struct chan *ch,
    const struct tz *z, int64_t date);

#endif
