#include "plan/daytext.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"

#define DAY_S	86400

void
daytext_id(char id[DAYTEXT_ID], const char *slug, int64_t n0)
{
	snprintf(id, DAYTEXT_ID, "%s-%" PRId64, slug, n0);
}

/* A part of a programme, not of a break. */
static bool
is_part(const struct segment *s)
{
	switch (s->kind) {
	case SEGMENT_programme:
	case SEGMENT_intro:
	case SEGMENT_outro:
	case SEGMENT_ident:
		return true;
	default:
		return false;
	}
}

const char *
daytext_title(const struct segment *s, const struct programme *p)
{
	if (p != NULL && is_part(s))
		return p->title;
	return s->asset != NULL ? s->asset->title : NULL;
}

bool
daytext_is_titled(const struct programme *p)
{
	return p->asset != NULL && !p->several &&
	    p->asset->about.series != NULL &&
	    strcmp(p->title, p->asset->about.series) != 0;
}

/* " S03E04" and ": Endless Slumper", as far as they are known. */
static void
add_episode(struct buf *out, const struct programme *p)
{
	const struct asset_about *a =
	    p->asset != NULL && !p->several ? &p->asset->about : NULL;

	if (a != NULL && a->series != NULL && a->season >= 0 &&
	    a->episode >= 0)
		buf_addf(out, " S%02dE%02d", a->season, a->episode);
	if (p->subtitle != NULL)
		buf_addf(out, ": %s", p->subtitle);
}

static char *
take(struct buf *b)
{
	char *text = xstrdup(buf_str(b));

	buf_fini(b);
	return text;
}

char *
daytext_subtitle(const struct programme *p)
{
	struct buf b = { 0 };

	if (!daytext_is_titled(p))
		return p->subtitle != NULL ? xstrdup(p->subtitle) : NULL;
	buf_adds(&b, p->asset->about.series);
	add_episode(&b, p);
	return take(&b);
}

char *
daytext_programme(const struct programme *p)
{
	struct buf b = { 0 };

	buf_adds(&b, p->title);
	if (daytext_is_titled(p))
		buf_addf(&b, ": %s", p->asset->about.series);
	add_episode(&b, p);
	return take(&b);
}

char *
daytext_name(const struct segment *s, const struct programme *p)
{
	const char *title;

	if (p != NULL && is_part(s))
		return daytext_programme(p);
	title = daytext_title(s, p);
	return title != NULL ? xstrdup(title) : NULL;
}

static void
add_clock(struct buf *out, int64_t s, int64_t frame)
{
	buf_addf(out, "%02" PRId64 ":%02d:%02d:%02" PRId64 "  ", s / 3600,
	    (int)(s / 60 % 60), (int)(s % 60), frame);
}

void
daytext_add_time(struct buf *out, const struct chan *ch, const struct tz *z,
    int64_t date, int64_t n)
{
	struct rate r = ch->format.rate;
	int64_t t = muldiv_floor(n, r.den, r.num);

	add_clock(out, t + tz_offset(z, t) - date * DAY_S,
	    n - muldiv_ceil(t, r.num, r.den));
}

void
daytext_add_length(struct buf *out, struct rate r, int64_t frames)
{
	int64_t s = muldiv_floor(frames, r.den, r.num);

	add_clock(out, s, frames - muldiv_ceil(s, r.num, r.den));
}

/* "UTC-05:00". */
static void
add_offset(struct buf *out, int32_t offset)
{
	int32_t s = offset < 0 ? -offset : offset;

	buf_addf(out, "UTC%c%02d:%02d", offset < 0 ? '-' : '+',
	    (int)(s / 3600), (int)(s / 60 % 60));
}

void
daytext_add_shift(struct buf *out, const struct chan *ch, const struct tz *z,
    int64_t date, int64_t n)
{
	struct rate r = ch->format.rate;
	int32_t usual = tz_offset(z, day_begin(ch, z, date));
	int32_t offset = tz_offset(z, muldiv_floor(n, r.den, r.num));

	if (offset == usual)
		return;
	add_offset(out, offset);
	buf_adds(out, " | ");
}

void
daytext_add_head(struct buf *out, const struct chan *ch, const struct tz *z,
    int64_t date)
{
	struct rate r = ch->format.rate;
	int year, month, day, start = ch->day_start_s;

	civil_from_days(date, &year, &month, &day);
	buf_addf(out, "# channel %s (%s), broadcast day %04d-%02d-%02d from "
	    "%02d:%02d ", ch->number, ch->slug, year, month, day,
	    start / 3600, start / 60 % 60);
	add_offset(out, tz_offset(z, day_begin(ch, z, date)));
	buf_addf(out, ", %" PRId64 "/%" PRId64 " pictures a second\n", r.num,
	    r.den);
}
