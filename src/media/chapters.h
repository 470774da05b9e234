/* chapters.h - the chapters of a container, and what markers they make. */

#ifndef MEDIA_CHAPTERS_H
#define MEDIA_CHAPTERS_H

#include <stddef.h>
#include <stdint.h>

#include "plan/library.h"

#define CHAPTERS_MAX	1000	/* of one file; those behind are left out */

struct chapter {
	int64_t start_us;	/* as the container has it: anything */
	int64_t end_us;
	char *title;		/* UTF-8, "" where there is none */
};

/* A zeroed struct chapters has none. */
struct chapters {
	struct chapter *v;
	size_t n;
};

void chapters_fini(struct chapters *c);

/* What a chapter of that title is: intro, outro or avail where the title
 * says so with every word ("Opening Credits", "Commercial Break 2"), else
 * chapter: "Ad Astra" is an episode's. */
enum marker_kind chapter_kind(const char *title);

/* Put the chapters in place of a's markers, in order, imported and within
 * 0 <= start <= end <= duration.  An intro, outro or avail has the chapter's
 * range; a chapter is a point at its start.  Chapters are not the
 * operator's words, so what is wrong with them is no fault: what lies outside
 * the file is left out or cut, and commercials that would leave less than
 * half of the file stay in.  Returns a sentence about that for a warning
 * (malloc'd), or NULL where all was well. */
char *chapters_import(const struct chapters *c, struct asset *a);

#endif
