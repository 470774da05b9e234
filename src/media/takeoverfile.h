/* takeoverfile.h - which channels an operator has taken over, on disk: a
 * daemon that starts anew goes on with it.  Blocks. */

#ifndef MEDIA_TAKEOVERFILE_H
#define MEDIA_TAKEOVERFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct takeover {
	char *channel;		/* its slug */
	char *file;		/* absolute; NULL: the slate */
	int64_t from_ns;	/* when its first turn began */
	int64_t until_ns;	/* INT64_MAX: until it is released */
	char *why;		/* "takeover by uid 0" */
};

struct takeover_list {
	struct takeover *v;
	size_t n, cap;
};

void takeover_fini(struct takeover *t);
void takeover_list_fini(struct takeover_list *l);

/* The clock has stepped by so much: each is on, and ends, as far from the new
 * time as it was from the old. */
void takeover_list_shift(struct takeover_list *l, int64_t by_ns);

/* The clock was set back while no daemon ran: what would begin after now begins
 * now, and lasts as long.  True if there was such a one. */
bool takeover_list_settle(struct takeover_list *l, int64_t now_ns);

/* Where they are stored, malloc'd. */
char *takeoverfile_path(const char *state_dir);

/* Append the text of the file. */
void takeoverfile_print(const struct takeover_list *l, struct buf *out);

/* What is in the file at path, which need not be there; what is no takeover is
 * left out.  0, or -1 with *why (static, or until the next strerror()). */
int takeoverfile_load(const char *path, struct takeover_list *l,
    const char **why);

#endif
