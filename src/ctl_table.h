/* ctl_table.h - a table for people: columns as wide as what is in them, names
 * of any origin made safe for a terminal. */

#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct table_column {
	const char *title;
	bool right;		/* numbers go to the right */
	size_t max;		/* terminal cells, longer texts are cut;
				 * 0: any */
};

struct table {
	const struct table_column *columns;
	size_t ncolumns;
	char **cells;		/* row by row */
	size_t ncells, cap;
};

/* columns are borrowed. */
void table_init(struct table *t, const struct table_column *columns,
    size_t n);
void table_fini(struct table *t);

/* The next cell, left to right, row by row; "" and NULL show as "-". */
void table_cell(struct table *t, const char *text);
void table_cellf(struct table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Append the titles and all rows. */
void table_print(const struct table *t, struct buf *out);

/* As much of s as fits into max cells of a terminal (0: all), nothing that it
 * obeys (C0, DEL and C1, U+0080..U+009F); malloc'd. */
char *table_clean(const char *s, size_t max);

#endif
