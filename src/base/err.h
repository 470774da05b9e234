/* err.h - everything wrong with some input, collected in one pass.
 *
 * A fault refuses the input, a warning does not.  Printed as
 * "FILE:LINE:COLUMN: text", the form editors jump to; line and column count
 * from 1, 0 means that there is none. */

#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#include "base/buf.h"

struct err_item {
	char *file;		/* NULL: not about a file */
	unsigned line;
	unsigned column;
	int warning;		/* 0: a fault */
	char *text;
};

/* A zeroed struct errs is empty. */
struct errs {
	struct err_item *items;
	size_t n;
	size_t cap;
	size_t faults;		/* how many are not warnings */
	int lacking;		/* 0: none of them is the system's, which had
				 * not what reading takes */
};

void errs_fini(struct errs *e);

void errs_fault(struct errs *e, const char *file, unsigned line,
    unsigned column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void errs_warn(struct errs *e, const char *file, unsigned line,
    unsigned column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Put what is in from behind what is in to; from is empty then. */
void errs_move(struct errs *to, struct errs *from);

/* The items in the order of file, line, column, without repeats: *n pointers
 * into e, in an array to be freed. */
const struct err_item **errs_sorted(const struct errs *e, size_t *n);

/* Append one line per item ("warning: " before a warning's text), in the
 * order of file, line, column; control characters are escaped. */
void errs_print(struct errs *e, struct buf *out);

/* Append text as a terminal may see it: what is no printable UTF-8 becomes
 * \xNN. */
void errs_escape(struct buf *out, const char *text);

/* The candidate nearest to what was written, if near enough to be meant
 * (Damerau-Levenshtein distance at most a third of its length, at least 1),
 * else NULL.  names[n] need not be sorted; the first of equals wins. */
const char *err_suggest(const char *written, const char *const *names,
    size_t n);

#endif
