/* ctl_plan.h - retrovuectl's verbs about the plan.  All of them read files: no
 * daemon is needed.  Each returns retrovuectl's exit status: 0 done, 1 it
 * could not be done (or there is a difference), 2 the command line is
 * wrong. */

#ifndef CTL_PLAN_H
#define CTL_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/tz.h"
#include "media/config.h"
#include "plan/library.h"
#include "plan/timeline.h"

struct ctl_plan {
	const char *config;	/* the station file */
	const char *socket;	/* the daemon's; NULL: as that says */
	const char *arg;	/* a channel's number or slug; of diff a file */
	const char *date;	/* "2026-01-15", "today", "yesterday",
				 * "tomorrow"; NULL: today */
	const char *days;	/* of guide; NULL: one */
	const char *at;		/* see ctl_plan_at(); NULL: not given */
	bool json;
};

/* A channel's stored transmission log of a day. */
int ctl_schedule(const struct ctl_plan *o);

/* What that day would be by the files as they are, and the library as it was
 * last scanned; with `at` only what is on then. */
int ctl_preview(const struct ctl_plan *o);

/* The programmes of `days` days from that one on, a line each. */
int ctl_guide(const struct ctl_plan *o);

/* Why the plan has what it has at `at` (now); and of now, where the daemon
 * answers, what is in its place. */
int ctl_explain(const struct ctl_plan *o);

/* What a changed channel file would do to the days to come: 1 where there is
 * a difference. */
int ctl_diff(const struct ctl_plan *o);

/* A day's stored plan against its as-run log: 1 where there is a
 * difference. */
int ctl_reconcile(const struct ctl_plan *o);

/* Below: what they share. */

/* A channel that is asked about. */
struct ctl_plan_view {
	const struct ctl_plan *o;
	struct config *cfg;
	const struct chan *ch;
	struct tz *z;
	char *dir;		/* of the transmission logs */
	struct library *library;	/* of ctl_plan_open_library() */
	int64_t now_s;		/* UTC */
	int64_t date;		/* the day meant */
};

/* Find the channel, by number or slug, and the day; 0, else the exit status
 * after a complaint.  Close it in any case. */
int ctl_plan_open(struct ctl_plan_view *v, const struct ctl_plan *o,
    const char *channel);
void ctl_plan_close(struct ctl_plan_view *v);

/* Read the library, too; 0, or 1 after a complaint. */
int ctl_plan_open_library(struct ctl_plan_view *v);

/* The library as it was last scanned; NULL with a sentence (malloc'd) in *why
 * where it was not. */
struct library *ctl_plan_library(const struct config *cfg, char **why);

/* The zone of a channel; never NULL. */
struct tz *ctl_plan_zone(const struct config *cfg, const struct chan *ch);

/* What people call it: "America/New_York"; malloc'd. */
char *ctl_plan_zone_name(const struct config *cfg, const struct chan *ch);

/* The frame meant by "20:14:30" or "20:14" on the day's clocks (hours counted
 * on past midnight, a time before the day's start being in its night),
 * "2026-01-15T14:30:00Z" or an EVENT_ID; -1 after a complaint. */
int64_t ctl_plan_at(const struct ctl_plan_view *v, const char *text);

/* The plan of ch as it is from that instant on, going on from what is stored;
 * with lock as a daemon has it that starts then. */
struct timeline *ctl_plan_timeline(const struct ctl_plan_view *v,
    const struct chan *ch, int64_t at_s, bool lock);

/* "2026-01-15". */
void ctl_plan_date_name(int64_t date, char text[16]);

#endif
