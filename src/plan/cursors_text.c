/* Cursors as text: what is stored with a day's log, and read again by another
 * version of the channel file. */

#include "plan/cursors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/tz.h"
#include "base/xmem.h"
#include "plan/pairs.h"

#define HEAD	"cursors 1\n"

/* ---- Names */

static void
add_date(struct buf *out, int64_t date)
{
	int year, month, day;

	civil_from_days(date, &year, &month, &day);
	buf_addf(out, "%04d-%02d-%02d", year, month, day);
}

static void
add_weekdays(struct buf *out, unsigned days)
{
	static const char *const names[] = {
		"sun", "mon", "tue", "wed", "thu", "fri", "sat",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (days >> i & 1)
			buf_adds(out, names[i]);
}

/* Two layers of one name have the same days. */
static void
add_layer(struct buf *out, const struct when *w)
{
	switch (w->kind) {
	case WHEN_ALWAYS:
	case WHEN_NKINDS:
		buf_adds(out, "all_day");
		break;
	case WHEN_HALF:
	case WHEN_WEEKDAY:
		add_weekdays(out, w->weekdays);
		break;
	case WHEN_SEASON:
		buf_addf(out, "%02d-%02d..%02d-%02d", w->month, w->day,
		    w->last_month, w->last_day);
		break;
	case WHEN_SPAN:
		add_date(out, w->first);
		buf_adds(out, "..");
		add_date(out, w->last);
		break;
	case WHEN_NTH:
		buf_addf(out, "%d.%d.%d", w->nth, w->weekday, w->month);
		break;
	case WHEN_EASTER:
		buf_addf(out, "easter%+d", w->offset);
		break;
	case WHEN_YEARLY:
		buf_addf(out, "%02d-%02d", w->month, w->day);
		break;
	case WHEN_DATE:
		add_date(out, w->first);
		break;
	}
}

static void
add_block(struct buf *out, const struct chan *ch, const struct block *b)
{
	add_layer(out, &b->when);
	buf_addf(out, " %02d:%02d:%02d", b->start_s / 3600,
	    b->start_s / 60 % 60, b->start_s % 60);
	for (size_t i = 0; i < b->npools; i++) {
		buf_adds(out, i > 0 ? "+" : " ");
		errs_escape(out, ch->pools[b->pools[i]].name);
	}
}

/* The k-th cursor of a block: its own, then its lists'. */
static void
add_list(struct buf *out, const struct chan *ch, const struct block *b,
    size_t k)
{
	if (k == 0)
		return;
	buf_adds(out, " of ");
	errs_escape(out, ch->pools[b->pools[k - 1]].name);
}

struct name {
	char *text;
	size_t cursor;
};

static int
compare_name(const void *va, const void *vb)
{
	const struct name *a = va, *b = vb;
	int c = strcmp(a->text, b->text);

	return c != 0 ? c : (a->cursor > b->cursor) - (a->cursor < b->cursor);
}

static int
compare_cursor(const void *va, const void *vb)
{
	const struct name *a = va, *b = vb;

	return (a->cursor > b->cursor) - (a->cursor < b->cursor);
}

/* Blocks that nothing tells apart are told apart by their order. */
static void
number_equals(struct name *v, size_t n)
{
	size_t from = 0;

	for (size_t i = 1; i < n; i++) {
		char *was = v[i].text;

		if (strcmp(was, v[from].text) != 0) {
			from = i;
			continue;
		}
		v[i].text = xasprintf("%s #%zu", was, i - from + 1);
		free(was);
	}
}

/* One for each cursor, in their order. */
static struct name *
names_new(const struct chan *ch, size_t n)
{
	struct name *v = xcalloc(n, sizeof *v);
	size_t at = 0;

	for (size_t i = 0; i < ch->nblocks; i++) {
		const struct block *b = &ch->blocks[i];

		for (size_t k = 0; k < cursors_of_block(b); k++) {
			struct buf text = { 0 };

			add_block(&text, ch, b);
			add_list(&text, ch, b, k);
			v[at] = (struct name){ xstrdup(buf_str(&text)), at };
			at++;
			buf_fini(&text);
		}
	}
	if (n > 1)
		qsort(v, n, sizeof *v, compare_name);
	number_equals(v, n);
	if (n > 1)
		qsort(v, n, sizeof *v, compare_cursor);
	return v;
}

static void
names_free(struct name *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}

/* ---- Lines: "PLACE:LAST NAME", in hexadecimal, with ":KEY" for each key that
 * is ahead; those at their first position need no line. */

void
cursors_print(const struct cursors *c, const struct chan *ch,
    struct buf *out)
{
	struct name *names = names_new(ch, c->n);

	buf_adds(out, HEAD);
	for (size_t i = 0, k = 0; i < c->n; i++) {
		bool ahead = k < c->nahead && c->ahead[k].cursor == i;

		if (c->v[i].place == 0 && c->v[i].last == 0 && !ahead)
			continue;
		buf_addf(out, "%" PRIx64 ":%" PRIx64, c->v[i].place,
		    c->v[i].last);
		for (; k < c->nahead && c->ahead[k].cursor == i; k++)
			buf_addf(out, ":%" PRIx64, c->ahead[k].key);
		buf_addf(out, " %s\n", names[i].text);
	}
	names_free(names, c->n);
}

/* A hexadecimal number, and what is behind it: a colon, skipped, or the
 * end. */
static bool
take_number(const char **p, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	int n = 0;

	*out = 0;
	for (; **p != ':' && **p != '\0'; n++, ++*p) {
		const char *d = strchr(digits, **p);

		if (d == NULL || n == 16)
			return false;
		*out = *out << 4 | (uint64_t)(d - digits);
	}
	if (n == 0 || (**p == ':' && (*p)[1] == '\0'))
		return false;
	*p += **p == ':';
	return true;
}

static bool
take_value(struct cursors *c, size_t i, const char *p)
{
	uint64_t key, before = 0;

	if (!take_number(&p, &c->v[i].place) || *p == '\0' ||
	    !take_number(&p, &c->v[i].last))
		return false;
	for (bool first = true; *p != '\0'; first = false, before = key) {
		if (!take_number(&p, &key) || (!first && key <= before))
			return false;
		cursors_put_ahead(c, i, key);
	}
	return true;
}

/* The values by name; false where a line is none. */
static bool
take_lines(const char *text, struct pairs *out)
{
	const char *end, *space;

	if (strncmp(text, HEAD, strlen(HEAD)) != 0)
		return false;
	for (text += strlen(HEAD); *text != '\0'; text = end + 1) {
		char *key, *value;

		end = strchr(text, '\n');
		space = strchr(text, ' ');
		if (end == NULL || space == NULL || space > end)
			return false;
		value = xstrndup(text, (size_t)(space - text));
		key = xstrndup(space + 1, (size_t)(end - space - 1));
		pairs_add(out, key, value);
		free(key);
		free(value);
	}
	pairs_sort(out);
	return true;
}

bool
cursors_parse(struct cursors *c, const struct chan *ch, const char *text)
{
	struct pairs in = { 0 };
	bool good = take_lines(text, &in);
	struct name *names;

	cursors_init(c, ch);
	names = names_new(ch, c->n);
	for (size_t i = 0; i < c->n && good; i++) {
		const char *value = pairs_find(&in, names[i].text);

		good = value == NULL || take_value(c, i, value);
	}
	names_free(names, c->n);
	pairs_fini(&in);
	if (good)
		return true;
	cursors_fini(c);
	cursors_init(c, ch);
	return false;
}
