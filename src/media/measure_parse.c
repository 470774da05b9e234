#include "media/measure.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"

#define EDGE_US		(2 * US_PER_S)	/* no lull so near an end */
#define SILENT_LUFS	(-6900)		/* x 100: -70 is the gate */

/* From the start of one line to the next. */
struct range_us {
	int64_t start, end;
};

struct ranges_us {
	struct range_us *v;
	size_t n, cap;
};

/* "12.34" x unit, "-0.5", further digits dropped; false where none begins
 * here. */
static bool
read_number(const char *s, int64_t unit, int64_t *out)
{
	bool negative;
	int64_t v = 0;

	s += strspn(s, " ");
	negative = *s == '-';
	s += negative;
	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++)
		if (v < INT64_C(1000000000000))
			v = v * 10 + (*s - '0') * unit;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9' && unit > 1; s++)
			v += (*s - '0') * (unit /= 10);
	*out = negative ? -v : v;
	return true;
}

/* The number behind a word in the line; false where it has none. */
static bool
number_after(const char *line, size_t len, const char *word, int64_t unit,
    int64_t *out)
{
	const char *at = memmem(line, len, word, strlen(word));

	return at != NULL && read_number(at + strlen(word), unit, out);
}

static void
add_range(struct ranges_us *r, int64_t start, int64_t end)
{
	if (end <= start)
		return;
	xgrow(&r->v, &r->cap, r->n + 1, sizeof *r->v);
	r->v[r->n++] = (struct range_us){ start, end };
}

/* What filters say begins with their names: a file's own texts, which
 * ffmpeg shows too, stand further right. */
static bool
is_of(const char *line, const char *filter)
{
	return line[0] == '[' && strncmp(line + 1, filter,
	    strlen(filter)) == 0;
}

struct said {
	struct ranges_us black, silent;
	int64_t silence_start;		/* INT64_MIN: there is sound */
	const char *summary;		/* what stands behind the last */
};

static void
read_line(struct said *s, const char *line, size_t len)
{
	int64_t start, end;

	if (is_of(line, "blackdetect ")) {
		if (number_after(line, len, "black_start:", US_PER_S,
		    &start) && number_after(line, len, "black_end:",
		    US_PER_S, &end))
			add_range(&s->black, start, end);
	} else if (is_of(line, "silencedetect ")) {
		if (number_after(line, len, "silence_start: ", US_PER_S,
		    &start))
			s->silence_start = start;
		if (number_after(line, len, "silence_end: ", US_PER_S,
		    &end) && s->silence_start != INT64_MIN) {
			add_range(&s->silent, s->silence_start, end);
			s->silence_start = INT64_MIN;
		}
	} else if (is_of(line, "Parsed_ebur128") &&
	    memmem(line, len, "Summary:", 8) != NULL) {
		s->summary = line;
	}
}

static void
read_loudness(struct asset_loudness *l, const char *summary)
{
	int64_t integrated, peak;
	size_t len = summary != NULL ? strlen(summary) : 0;

	if (len == 0 ||
	    !number_after(summary, len, "    I: ", 100, &integrated) ||
	    !number_after(summary, len, "    Peak: ", 100, &peak) ||
	    integrated < SILENT_LUFS || integrated > 1000 ||
	    peak < -10000 || peak > 2000)
		return;
	*l = (struct asset_loudness){
		.known = true,
		.integrated = (int)integrated,
		.true_peak = (int)peak,
	};
}

/* A lull while it is weighed against others. */
struct weighed {
	struct asset_lull lull;
	int64_t length;
};

struct weighed_list {
	struct weighed *v;
	size_t n, cap;
};

static void
add_lull(struct weighed_list *l, const struct asset *a, struct range_us r,
    bool black, bool silent)
{
	struct weighed w = {
		.lull = { r.start + (r.end - r.start) / 2, black, silent },
		.length = r.end - r.start,
	};

	if (w.lull.at_us < EDGE_US ||
	    w.lull.at_us > a->duration_us - EDGE_US)
		return;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = w;
}

/* What of r lies in a range of them; false where nothing does. */
static bool
meet(const struct ranges_us *them, size_t *from, struct range_us r,
    struct range_us *both)
{
	while (*from < them->n && them->v[*from].end <= r.start)
		++*from;
	if (*from == them->n || them->v[*from].start >= r.end)
		return false;
	*both = them->v[*from];
	if (both->start < r.start)
		both->start = r.start;
	if (both->end > r.end)
		both->end = r.end;
	return true;
}

/* Black with silence is one lull, where both are; the rest stand alone. */
static void
weigh(struct weighed_list *l, const struct asset *a, const struct said *s)
{
	struct range_us both;
	size_t at = 0;

	for (size_t i = 0; i < s->black.n; i++) {
		if (meet(&s->silent, &at, s->black.v[i], &both))
			add_lull(l, a, both, true, true);
		else
			add_lull(l, a, s->black.v[i], true, false);
	}
	at = 0;
	for (size_t i = 0; i < s->silent.n; i++)
		if (!meet(&s->black, &at, s->silent.v[i], &both))
			add_lull(l, a, s->silent.v[i], false, true);
}

static int
rank(const struct weighed *w)
{
	return w->lull.black + w->lull.black + w->lull.silent;
}

/* The best first. */
static int
by_rank(const void *va, const void *vb)
{
	const struct weighed *a = va, *b = vb;

	if (rank(a) != rank(b))
		return rank(b) - rank(a);
	if (a->length != b->length)
		return a->length > b->length ? -1 : 1;
	return (a->lull.at_us > b->lull.at_us) -
	    (a->lull.at_us < b->lull.at_us);
}

static int
by_time(const void *va, const void *vb)
{
	const struct asset_lull *a = va, *b = vb;

	return (a->at_us > b->at_us) - (a->at_us < b->at_us);
}

static void
set_lulls(struct asset *a, const struct said *s)
{
	struct weighed_list l = { 0 };

	weigh(&l, a, s);
	if (l.n > 0)
		qsort(l.v, l.n, sizeof *l.v, by_rank);
	if (l.n > ASSET_LULLS_MAX)
		l.n = ASSET_LULLS_MAX;
	free(a->lulls);
	a->lulls = l.n > 0 ? xcalloc(l.n, sizeof *a->lulls) : NULL;
	a->nlulls = l.n;
	for (size_t i = 0; i < l.n; i++)
		a->lulls[i] = l.v[i].lull;
	if (l.n > 0)
		qsort(a->lulls, l.n, sizeof *a->lulls, by_time);
	free(l.v);
}

void
measure_parse(const char *text, struct asset *a)
{
	struct said s = { .silence_start = INT64_MIN };

	while (*text != '\0') {
		size_t len = strcspn(text, "\r\n");

		read_line(&s, text, len);
		text += len + (text[len] != '\0');
	}
	a->loudness = (struct asset_loudness){ 0 };
	read_loudness(&a->loudness, s.summary);
	set_lulls(a, &s);
	free(s.black.v);
	free(s.silent.v);
}
