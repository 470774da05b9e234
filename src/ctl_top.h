/* ctl_top.h - retrovuectl's live view of the station, refreshed every
 * second. */

#ifndef CTL_TOP_H
#define CTL_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"

struct top_row {
	char *number, *channel, *name;
	char *state;		/* "on", "off", "slate" ... */
	char *now, *next;	/* NULL: nothing */
	int64_t viewers;
	int64_t kbit_s;		/* of its stream */
	double speed;		/* of its child, in real times; 0: none */
	bool bad;		/* the state is one to look at */
};

/* What two looks at the station tell. */
struct top {
	char *station, *version;
	int64_t uptime_s, viewers;
	double cpu;		/* percent of one, of the daemon alone */
	int64_t resident;	/* bytes, the same */
	struct top_row *rows;
	size_t nrows;
};

/* From the daemon's status and the one ms milliseconds before it, or NULL.
 * -1 where the status is none. */
int top_make(struct top *t, const json_t *is, const json_t *was, int64_t ms);
void top_fini(struct top *t);

/* Append one object. */
void top_json(const struct top *t, struct buf *out);

struct top_view {
	size_t width, height;	/* of the terminal, in characters */
	size_t first;		/* the channel at the top; see top_clamp() */
	bool colour;
	const char *word;	/* in place of the last line's, or NULL; "":
				 * there is no such line */
};

/* The nearest to v->first that shows as much as fits. */
size_t top_clamp(const struct top *t, const struct top_view *v);

/* Append as many lines as the terminal has, each as wide at most; there is no
 * newline behind the last. */
void top_draw(const struct top *t, const struct top_view *v, struct buf *out);

/* Show it until the operator has seen enough; one sample where standard output
 * is no terminal, and as JSON.  Returns retrovuectl's exit status. */
int ctl_top(const char *socket, bool json);

#endif
