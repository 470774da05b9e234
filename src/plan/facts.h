/* facts.h - what one source says of a file: its container's tags, its .nfo,
 * its sidecar.  What it does not say is left to the one before it. */

#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/library.h"

/* Of what people say there may be so much: bytes, numbers, entries. */
#define FACTS_TITLE_MAX		500
#define FACTS_PLOT_MAX		4000
#define FACTS_WORD_MAX		100
#define FACTS_ICON_MAX		1000
#define FACTS_NUMBER_MAX	99999
#define FACTS_LIST_MAX		64

struct facts {
	char *title;			/* NULL: not said */
	int type;			/* -1: not said */
	struct asset_about about;	/* series without its year */
	struct marker *markers;		/* in order */
	size_t nmarkers;
	bool has_markers;		/* an empty list is one, too */
};

#define FACTS_NONE { .type = -1, .about = ASSET_ABOUT_NONE }

void facts_fini(struct facts *f);

/* What f says replaces what a has.  Markers of any other kind than f's own
 * are left alone where it has none. */
void facts_apply(const struct facts *f, struct asset *a);

/* Of any text, UTF-8: one line without control characters or spaces at its
 * ends, at most max bytes; NULL where nothing is left.  malloc'd. */
char *facts_text(const char *s, size_t max);

/* The same into *to, which is freed; where nothing is left it stays. */
void facts_set(char **to, const char *s, size_t max);

/* "Batman (1966)" as series and series_year. */
void facts_set_series(struct asset_about *a, const char *s);

/* The address of a picture; what is none stays unsaid. */
void facts_set_icon(char **to, const char *s);

/* Add a name, as it is, to a list that has room. */
void facts_add_name(struct texts *t, const char *s);

/* Add the entries of "Comedy; Drama, Family" to a list. */
void facts_add_list(struct texts *t, const char *s);

/* The year that a date begins with, 0: none. */
int facts_year(const char *date);

#endif
