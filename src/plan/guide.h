/* guide.h - what a channel's guide shows between two frames: its programmes,
 * breaks and all, and of the times between them that it is off the air.
 *
 * Made from the timeline that airs, segment by segment, so it cannot disagree
 * with it.  It holds copies of everything: once made it does not change, and
 * whoever has a reference may read it from any thread. */

#ifndef PLAN_GUIDE_H
#define PLAN_GUIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/library.h"
#include "plan/timeline.h"

/* Each begins where the one before it ends. */
struct guide_entry {
	int64_t n0, n1;			/* frames [n0, n1) of the channel */
	int64_t start_ns, end_ns;	/* the same as instants */
	int start_east_s, end_east_s;	/* local time then, less UTC */
	bool off_air;			/* all below is void but the title */
	char *title;			/* never NULL; the others may be */
	char *subtitle;
	char *description;
	bool movie;			/* one film */
	struct asset_about about;	/* without its plot; nothing where it
					 * is of several, no number where its
					 * series' is not the title */
	bool first_run;
	char *rerun_channel;		/* a slug; NULL: it is no rerun */
	int rerun_hours;		/* ago */
};

struct guide {
	char *slug, *number, *name;
	char *group, *language, *logo;	/* NULL where there is none */
	struct guide_entry *v;		/* one at least */
	size_t n, cap;
	int refs;			/* atomic */
};

/* Of [n0, n1), n0 < n1; a programme that is on at either end is there as a
 * whole.  Give it back with guide_unref(). */
struct guide *guide_new(struct timeline *t, int64_t n0, int64_t n1);

/* Until n1, too, as long as nobody else has it: so days can be planned one by
 * one by who may have to stop. */
void guide_extend(struct guide *g, struct timeline *t, int64_t n1);

struct guide *guide_ref(struct guide *g);
void guide_unref(struct guide *g);		/* NULL is fine */

/* The first entry that ends after that instant; g->n: none does. */
size_t guide_find(const struct guide *g, int64_t ns);

/* How clients know a channel, whatever its number or name: the slug and a
 * domain, as XMLTV wants it (RFC 2838). */
void guide_add_id(struct buf *out, const char *slug);

/* "S01E02", "E02"; nothing where the episode's number is not known. */
void guide_add_episode(struct buf *out, const struct asset_about *a);

#endif
