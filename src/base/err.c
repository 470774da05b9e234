#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define FAULTS_MAX	1000	/* kept; what is over is only counted */
#define TEXT_MAX	1000	/* bytes of one text, NUL and all */

static void __attribute__((format(printf, 6, 0)))
add(struct errs *e, int warning, const char *file, unsigned line,
    unsigned column, const char *fmt, va_list ap)
{
	char text[TEXT_MAX];

	if (!warning && e->faults++ >= FAULTS_MAX)
		return;
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	xgrow(&e->items, &e->cap, e->n + 1, sizeof *e->items);
	e->items[e->n++] = (struct err_item){
		.file = file != NULL ? xstrdup(file) : NULL,
		.line = line,
		.column = column,
		.warning = warning,
		.text = xstrdup(text),
	};
}

/* The length of the well-formed UTF-8 character at s that a terminal may
 * see, 0 if there is none (RFC 3629 3; C1 controls are U+0080..U+009F). */
static size_t
printable_len(const unsigned char *s)
{
	size_t n;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xe0 && s[1] < 0xa0) ||
	    (s[0] == 0xed && s[1] >= 0xa0) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return n;
}

void
errs_escape(struct buf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n;

	while (*s != '\0') {
		if ((n = printable_len(s)) != 0)
			buf_add(out, s, n);
		else
			buf_addf(out, "\\x%02x", *s);
		s += n != 0 ? n : 1;
	}
}

static void
print_item(struct buf *out, const struct err_item *i)
{
	if (i->file != NULL) {
		errs_escape(out, i->file);
		buf_adds(out, ":");
		if (i->line != 0)
			buf_addf(out, "%u:", i->line);
		if (i->line != 0 && i->column != 0)
			buf_addf(out, "%u:", i->column);
		buf_adds(out, " ");
	}
	if (i->warning)
		buf_adds(out, "warning: ");
	errs_escape(out, i->text);
	buf_adds(out, "\n");
}

static int
compare_place(const struct err_item *a, const struct err_item *b)
{
	const char *fa = a->file != NULL ? a->file : "";
	const char *fb = b->file != NULL ? b->file : "";
	int d;

	if ((d = strcmp(fa, fb)) != 0)
		return d;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return 0;
}

static int
compare_items(const void *va, const void *vb)
{
	const struct err_item *a = *(const struct err_item *const *)va;
	const struct err_item *b = *(const struct err_item *const *)vb;
	int d;

	if ((d = compare_place(a, b)) != 0)
		return d;
	return a < b ? -1 : a > b;	/* of one array: as they came */
}

/* A file that several others include has its faults found each time. */
static bool
is_repeat(const struct err_item *a, const struct err_item *b)
{
	return compare_place(a, b) == 0 && a->warning == b->warning &&
	    strcmp(a->text, b->text) == 0;
}

void
errs_fini(struct errs *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->items[i].file);
		free(e->items[i].text);
	}
	free(e->items);
	*e = (struct errs){ 0 };
}

void
errs_fault(struct errs *e, const char *file, unsigned line, unsigned column,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(e, 0, file, line, column, fmt, ap);
	va_end(ap);
}

void
errs_warn(struct errs *e, const char *file, unsigned line, unsigned column,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(e, 1, file, line, column, fmt, ap);
	va_end(ap);
}

void
errs_move(struct errs *to, struct errs *from)
{
	xgrow(&to->items, &to->cap, to->n + from->n, sizeof *to->items);
	for (size_t i = 0; i < from->n; i++)
		to->items[to->n++] = from->items[i];
	to->faults += from->faults;
	to->lacking |= from->lacking;
	from->n = 0;
	errs_fini(from);
}

const struct err_item **
errs_sorted(const struct errs *e, size_t *n)
{
	const struct err_item **items = xcalloc(e->n, sizeof *items);

	for (size_t i = 0; i < e->n; i++)
		items[i] = &e->items[i];
	qsort(items, e->n, sizeof *items, compare_items);
	*n = 0;
	for (size_t i = 0; i < e->n; i++)
		if (*n == 0 || !is_repeat(items[*n - 1], items[i]))
			items[(*n)++] = items[i];
	return items;
}

void
errs_print(struct errs *e, struct buf *out)
{
	size_t kept = 0, n;
	const struct err_item **sorted = errs_sorted(e, &n);

	for (size_t i = 0; i < e->n; i++)
		kept += !e->items[i].warning;
	for (size_t i = 0; i < n; i++)
		print_item(out, sorted[i]);
	if (e->faults > kept)
		buf_addf(out, "%zu more faults\n", e->faults - kept);
	free(sorted);
}
