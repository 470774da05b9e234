#include "base/tz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/tz_posix.h"
#include "base/xmem.h"

#define DAY_S		INT64_C(86400)
#define OFFSET_MAX_S	(26 * 3600)	/* RFC 9636 3.2: should not exceed */
#define HEAD_LEN	44u
#define TYPE_LEN	6u
#define CYCLE_YEARS	400	/* the calendar repeats, weekdays and all ... */
#define CYCLE_S		(146097 * DAY_S)	/* ... in so many seconds */
#define LAST_MAX_S	(INT64_C(1) << 40)	/* none after it has a rule */
#define RULE_YEAR	1600	/* where a rule begins that follows nothing */

struct transition {
	int64_t at;		/* UTC seconds */
	int32_t offset;		/* from then on */
};

/* The footer's rule is unrolled behind the file's own transitions over one
 * cycle of the calendar, so that an offset is always one binary search. */
struct tz {
	int32_t before;		/* the offset before the first transition */
	struct transition *v;
	size_t n, cap;
	int64_t cycle;		/* from here on all repeats after CYCLE_S */
	bool has_rule;		/* without it there is no cycle */
};

/* A TZif header and the data block behind it (RFC 9636 3.1, 3.2). */
struct block {
	const uint8_t *data;
	const uint8_t *end;	/* of the data block */
	uint32_t isut, isstd, leap, time, type, chars;
	uint32_t width;		/* bytes of a time: 4, or 8 in the second */
};

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static uint64_t
be64(const uint8_t *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static int64_t
read_time(const struct block *b, uint32_t i)
{
	const uint8_t *p = b->data + (size_t)i * b->width;

	return b->width == 4 ? (int32_t)be32(p) : (int64_t)be64(p);
}

static uint64_t
block_len(const struct block *b)
{
	return (uint64_t)b->time * b->width + b->time +
	    (uint64_t)b->type * TYPE_LEN + b->chars +
	    (uint64_t)b->leap * (b->width + 4) + b->isstd + b->isut;
}

/* Find the block whose header is at p; its counts are held against the
 * bytes that are there before anything believes them. */
static bool
block_open(const uint8_t *p, const uint8_t *end, uint32_t width,
    struct block *b)
{
	if (end - p < (ptrdiff_t)HEAD_LEN || memcmp(p, "TZif", 4) != 0)
		return false;
	*b = (struct block){
		.data = p + HEAD_LEN,
		.isut = be32(p + 20), .isstd = be32(p + 24),
		.leap = be32(p + 28), .time = be32(p + 32),
		.type = be32(p + 36), .chars = be32(p + 40),
		.width = width,
	};
	if (block_len(b) > (uint64_t)(end - b->data))
		return false;
	b->end = b->data + block_len(b);
	return true;
}

static bool
read_type(const struct block *b, uint32_t i, int32_t *offset)
{
	const uint8_t *types = b->data + (size_t)b->time * (b->width + 1);

	if (i >= b->type)
		return false;
	*offset = (int32_t)be32(types + (size_t)i * TYPE_LEN);
	return *offset >= -OFFSET_MAX_S && *offset <= OFFSET_MAX_S;
}

static void
tz_add(struct tz *z, int64_t at, int32_t offset)
{
	xgrow(&z->v, &z->cap, z->n + 1, sizeof *z->v);
	z->v[z->n++] = (struct transition){ at, offset };
}

static bool
read_transitions(struct tz *z, const struct block *b, const char **why)
{
	const uint8_t *idx = b->data + (size_t)b->time * b->width;
	int32_t offset;

	*why = "bad local time type";
	if (!read_type(b, 0, &z->before))
		return false;
	for (uint32_t i = 0; i < b->time; i++) {
		if (!read_type(b, idx[i], &offset))
			return false;
		if (i > 0 && read_time(b, i) <= read_time(b, i - 1)) {
			*why = "transitions out of order";
			return false;
		}
		tz_add(z, read_time(b, i), offset);
	}
	return true;
}

/* By instant.  Where summer time ends in the moment in which it begins anew
 * (a zone that keeps it all year) the beginning counts. */
static int
transition_cmp(const void *pa, const void *pb)
{
	const struct transition *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

static void
unroll(struct tz *z, const struct tz_posix *p)
{
	size_t own = z->n;
	int64_t last = own > 0 ? z->v[own - 1].at : INT64_MIN;
	int year = own > 0 ? tz_local(z, last).year : RULE_YEAR;

	for (int y = year - 1; y <= year + CYCLE_YEARS + 1; y++) {
		if (tz_posix_begin(p, y) > last)
			tz_add(z, tz_posix_begin(p, y), p->dst);
		if (tz_posix_end(p, y) > last)
			tz_add(z, tz_posix_end(p, y), p->std);
	}
	qsort(z->v + own, z->n - own, sizeof *z->v, transition_cmp);
	z->cycle = civil_to_days(year + 1, 1, 1) * DAY_S;
	z->has_rule = true;
}

/* The footer: a newline, a TZ string that may be empty, a newline.  A rule
 * without summer time says no more than the last transition did. */
static bool
read_footer(struct tz *z, const uint8_t *p, const uint8_t *end,
    const char **why)
{
	const uint8_t *nl;
	struct tz_posix rule;

	*why = "bad footer";
	if (p == end || *p++ != '\n' ||
	    (nl = memchr(p, '\n', (size_t)(end - p))) == NULL)
		return false;
	if (nl == p)
		return true;
	if (!tz_posix_parse((const char *)p, (size_t)(nl - p), &rule))
		return false;
	if (z->n > 0 && (z->v[z->n - 1].at > LAST_MAX_S ||
	    z->v[z->n - 1].at < -LAST_MAX_S))
		return false;
	if (rule.has_dst)
		unroll(z, &rule);
	return true;
}

static bool
read_file(struct tz *z, const uint8_t *data, size_t len, const char **why)
{
	const uint8_t *end = data + len;
	struct block b;

	*why = "not a time zone file, or cut short";
	if (!block_open(data, end, 4, &b))
		return false;
	if (data[4] >= '2' && !block_open(b.end, end, 8, &b))
		return false;
	if (b.leap != 0) {
		*why = "counts leap seconds";
		return false;
	}
	if (!read_transitions(z, &b, why))
		return false;
	return data[4] < '2' || read_footer(z, b.end, end, why);
}

struct tz *
tz_parse(const uint8_t *data, size_t len, const char **why)
{
	struct tz *z = tz_utc();

	if (read_file(z, data, len, why))
		return z;
	tz_free(z);
	return NULL;
}

struct tz *
tz_utc(void)
{
	return xcalloc(1, sizeof(struct tz));
}

void
tz_free(struct tz *z)
{
	if (z == NULL)
		return;
	free(z->v);
	free(z);
}

int32_t
tz_offset(const struct tz *z, int64_t t)
{
	size_t lo = 0, hi = z->n;

	if (z->has_rule && t >= z->cycle)
		t = z->cycle + (t - z->cycle) % CYCLE_S;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (z->v[mid].at <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 ? z->v[lo - 1].offset : z->before;
}

struct civil
tz_local(const struct tz *z, int64_t t)
{
	int64_t local = t + tz_offset(z, t);
	int sec = (int)mod_floor(local, DAY_S);
	struct civil c = {
		.hour = sec / 3600, .min = sec / 60 % 60, .sec = sec % 60,
	};

	civil_from_days(div_floor(local, DAY_S), &c.year, &c.month, &c.day);
	return c;
}

int64_t
tz_instant(const struct tz *z, const struct civil *c)
{
	int64_t local = civil_to_days(c->year, c->month, c->day) * DAY_S +
	    c->hour * INT64_C(3600) + c->min * INT64_C(60) + c->sec;
	int32_t early = tz_offset(z, local - OFFSET_MAX_S);
	int64_t first = local - early;
	int32_t late = tz_offset(z, first);

	/* Where the offset before any change still holds, it is the first.
	 * Else the clocks have changed by then: the time by the new offset,
	 * if that holds there, or else the time that never comes. */
	if (late == early || tz_offset(z, local - late) != late)
		return first;
	return local - late;
}

/* Months counted from March, so that the leap day ends the year: then day
 * (153 m + 2) / 5 begins month m. */
int64_t
civil_to_days(int year, int month, int day)
{
	int64_t months = (int64_t)year * 12 + month - 3;
	int64_t y = div_floor(months, 12);
	int64_t m = mod_floor(months, 12);

	return 365 * y + div_floor(y, 4) - div_floor(y, 100) +
	    div_floor(y, 400) + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* The inverse: 146096, 36524 and 1460 are the last days of 400, 100 and 4
 * years, whose leap day must not begin another year. */
void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t era = div_floor(days + 719468, 146097);
	int64_t d = days + 719468 - era * 146097;
	int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t m;

	d -= 365 * y + y / 4 - y / 100;
	m = (5 * d + 2) / 153;
	*day = (int)(d - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(era * 400 + y + (m >= 10));
}

bool
civil_find_days(int64_t y, int64_t m, int64_t d, int64_t *out)
{
	int year, month, day;
	int64_t days;

	if (y < 1970 || y > 9999)
		return false;
	days = civil_to_days((int)y, (int)m, (int)d);
	civil_from_days(days, &year, &month, &day);
	if (month != m || day != d)
		return false;		/* 30 February */
	*out = days;
	return true;
}

int
civil_weekday(int64_t days)
{
	return (int)mod_floor(days + 4, 7);	/* 1970-01-01: Thursday */
}
