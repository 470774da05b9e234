#include "ctl_table.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "ctl_cells.h"

void
table_init(struct table *t, const struct table_column *columns, size_t n)
{
	*t = (struct table){ .columns = columns, .ncolumns = n };
}

void
table_fini(struct table *t)
{
	for (size_t i = 0; i < t->ncells; i++)
		free(t->cells[i]);
	free(t->cells);
	*t = (struct table){ 0 };
}

char *
table_clean(const char *s, size_t max)
{
	const uint8_t *p = (const uint8_t *)s;
	struct buf b = { 0 };
	char *text;

	while (*p != '\0') {
		size_t len = utf8_len(p);

		if (len == 0 || *p < 0x20 || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0))
			buf_adds(&b, "?");
		else
			buf_add(&b, p, len);
		p += len != 0 ? len : 1;
	}
	text = xstrdup(buf_str(&b));
	if (max != 0)
		text[cells_fit(text, max)] = '\0';
	buf_fini(&b);
	return text;
}

void
table_cell(struct table *t, const char *text)
{
	const struct table_column *c = &t->columns[t->ncells % t->ncolumns];

	if (text == NULL || *text == '\0')
		text = "-";
	xgrow(&t->cells, &t->cap, t->ncells + 1, sizeof *t->cells);
	t->cells[t->ncells++] = table_clean(text, c->max);
}

void
table_cellf(struct table *t, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	table_cell(t, text);
}

static size_t
column_width(const struct table *t, size_t c)
{
	size_t width = cells_width(t->columns[c].title);

	for (size_t i = c; i < t->ncells; i += t->ncolumns) {
		size_t w = cells_width(t->cells[i]);

		width = w > width ? w : width;
	}
	return width;
}

/* Nothing stands behind the last column. */
static void
cell_print(const struct table *t, size_t c, size_t width, const char *text,
    struct buf *out)
{
	int pad = (int)(width - cells_width(text));
	bool last = c + 1 == t->ncolumns;

	if (t->columns[c].right)
		buf_addf(out, "%*s%s", pad, "", text);
	else if (last)
		buf_adds(out, text);
	else
		buf_addf(out, "%s%*s", text, pad, "");
	buf_adds(out, last ? "\n" : "  ");
}

void
table_print(const struct table *t, struct buf *out)
{
	size_t *width = xcalloc(t->ncolumns, sizeof *width);

	for (size_t c = 0; c < t->ncolumns; c++)
		width[c] = column_width(t, c);
	for (size_t c = 0; c < t->ncolumns; c++)
		cell_print(t, c, width[c], t->columns[c].title, out);
	for (size_t i = 0; i < t->ncells; i++)
		cell_print(t, i % t->ncolumns, width[i % t->ncolumns],
		    t->cells[i], out);
	free(width);
}
