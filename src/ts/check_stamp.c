#include "ts/check_parts.h"

#include <stdlib.h>
#include <string.h>

#define US(t)		((t) * 100 / 9)
#define STEADY		24	/* equal steps: the stream has a rate */
#define NEW_RATE	3	/* other ones in a row: it has another */
#define TOLERANCE	1	/* tick: fractional rates have neighbours */
#define STEP_MAX	(TS_HZ * 7 / 10)	/* between stamps, 2.7.4 */
#define UNEVEN_MIN	12	/* fewer odd steps are faults, not a manner */
#define UNEVEN_PERCENT	2
#define SETTLED		16	/* pictures: deepest reordering there is */
#define FLUSH		TS_HZ	/* a step this far is another timeline */
#define WAIT		TS_HZ	/* in the decoder, 2.4.2.6 */
#define WAIT_AVC	(10 * TS_HZ)
#define TYPE_H264	0x1b
#define TYPE_HEVC	0x24
#define TYPE_VVC	0x33

static bool
is_owed(const struct check_pid *p)
{
	return p->m.class == CHECK_VIDEO || p->m.class == CHECK_AUDIO;
}

/* A step that is not the stream's usual one: by more than half of it, and an
 * access unit is missing or too many. */
static void
step_odd(struct check *c, struct check_pid *p, int64_t d)
{
	struct check_es *e = p->es;

	e->uneven++;
	if (e->matched >= STEADY && llabs(d - e->step) > e->step / 2)
		check_complain_at(c, CHECK_DTS_GAP, p->m.pid, &e->start,
		    US(d - e->step));
	else if (e->matched >= STEADY)
		check_complain_at(c, CHECK_UNEVEN, p->m.pid, &e->start,
		    US(d - e->step));
	if (++e->missed < NEW_RATE && e->step != 0)
		return;
	e->step = d;
	e->matched = 1;
	e->missed = 0;
}

static void
step_check(struct check *c, struct check_pid *p, int64_t d)
{
	struct check_es *e = p->es;

	if (d <= 0) {
		check_complain_at(c, CHECK_DTS_ORDER, p->m.pid, &e->start,
		    US(d));
	} else if (d > STEP_MAX) {
		check_complain_at(c, CHECK_DTS_GAP, p->m.pid, &e->start,
		    US(d - e->step));
	} else if (p->framing != FRAMING_NONE) {
		return;		/* sound is judged frame by frame */
	} else if (llabs(d - e->step) <= TOLERANCE) {
		e->matched++;
		e->missed = 0;
	} else {
		step_odd(c, p, d);
	}
}

/* The earliest picture that waits is shown: none before it can come. */
static void
picture_show(struct check *c, struct check_pid *p, bool judge)
{
	struct check_es *e = p->es;
	struct check_picture first = e->window[0];
	int64_t d = first.pts - e->last_shown;

	memmove(e->window, e->window + 1,
	    --e->nwindow * sizeof e->window[0]);
	if (e->shown++ != 0) {
		check_hist_add(&p->m.pts_deltas, d);
		if (judge && e->shown > SETTLED && e->matched >= STEADY &&
		    llabs(d - e->step) > e->step / 2)
			check_complain_at(c, CHECK_PTS_GAP, p->m.pid,
			    &first.place, US(d - e->step));
	}
	e->last_shown = first.pts;
}

static void
pictures_flush(struct check *c, struct check_pid *p)
{
	while (p->es->nwindow != 0)
		picture_show(c, p, false);
}

static void
picture_hold(struct check *c, struct check_pid *p, int64_t upts)
{
	struct check_es *e = p->es;
	size_t i;

	if (e->nwindow == REORDER_WINDOW)
		picture_show(c, p, true);
	for (i = e->nwindow++; i > 0 && e->window[i - 1].pts > upts; i--)
		e->window[i] = e->window[i - 1];
	e->window[i] = (struct check_picture){ upts, e->start };
}

/* How long the access unit waits in the decoder's buffer. */
static void
delay_check(struct check *c, struct check_pid *p, int64_t dts)
{
	const struct check_clock *k = check_clock_of(c, p);
	uint8_t type = p->m.type;
	int64_t delay, most = WAIT;

	if (k == NULL || !p->in_pmt || !is_owed(p))
		return;
	if (type == TYPE_H264 || type == TYPE_HEVC || type == TYPE_VVC)
		most = WAIT_AVC;
	delay = ts_diff(dts, k->pcr / 300);
	if (check_still_unit(c, p, delay))
		return;
	check_span_add(&p->m.delay, delay);
	if (delay > most)
		check_complain_at(c, CHECK_EARLY, p->m.pid, &p->es->start,
		    US(delay));
}

static void
stamp_follow(struct check *c, struct check_pid *p, int64_t dts)
{
	struct check_es *e = p->es;
	int64_t d = ts_diff(dts, e->dts);

	e->udts += d;
	e->moved = d;
	check_hist_add(&p->m.dts_deltas, d);
	if (!is_owed(p))
		return;
	if (d <= 0 || d > FLUSH)
		pictures_flush(c, p);
	if (d <= 0)
		e->shown = 0;
	step_check(c, p, d);
}

void
check_stamp(struct check *c, struct check_pid *p, int64_t pts, int64_t dts)
{
	struct check_es *e = p->es;
	int64_t ahead = ts_diff(pts, dts), upts;

	if (e->nstamps == 0)
		e->udts = dts;
	else
		stamp_follow(c, p, dts);
	upts = e->udts + ahead;
	if (e->nstamps++ == 0) {
		p->m.first_pts = pts;
		e->first_upts = e->max_upts = upts;
	}
	e->pts = pts;
	e->dts = dts;
	if (upts > e->max_upts)
		e->max_upts = upts;
	if (ahead < 0)
		check_complain_at(c, CHECK_PTS_DTS, p->m.pid, &e->start,
		    US(ahead));
	delay_check(c, p, dts);
	if (p->m.class == CHECK_VIDEO)
		picture_hold(c, p, upts);
}

void
check_stamp_end(struct check *c, struct check_pid *p)
{
	struct check_es *e = p->es;

	pictures_flush(c, p);
	p->m.uneven = e->uneven > UNEVEN_MIN &&
	    e->uneven * 100 > e->nstamps * UNEVEN_PERCENT;
	p->m.pts_span = e->max_upts - e->first_upts;
}
