/* What a child's end says: whether it has failed, why, and whether another one
 * would fare better. */

#include "air/channel_child.h"

#include <stdio.h>
#include <string.h>

#define LEFT_NS		NS_PER_S	/* exit to giving up its pipe */
#define SLOW_NS		(10 * NS_PER_S)	/* to catch up with the clock in */
#define HOPELESS	2		/* children that could not begin, */
#define USELESS		4		/* or were of no use for a second */

bool
kid_proved(const struct channel *c, const struct kid *k)
{
	return k->aired + join_cut(k->join) - join_head(k->join) >=
	    kids_seconds(c, 1);
}

/* It still waits for its turn, and the slate airs in its place: what it would
 * begin with is void.  One that is ordered now begins where it can be in
 * time. */
void
kid_check_missed(struct channel *c, struct kid *k, int64_t now)
{
	if (k->child.state != CHILD_ORDERED || !k->late)
		return;
	k->over = k->judged = k->dropped = true;
	c->want_at = now;
}

/* A child too slow for the clock would be late until its segment ends: one
 * that begins where the clock is brings at least its first seconds. */
void
kid_check_slow(struct kid *k, int64_t now)
{
	if (!k->late || k->over || now - k->late_since < SLOW_NS)
		return;
	join_end(k->join);
	k->over = true;
	snprintf(k->why, sizeof k->why, "slower than real time");
}

/* It is gone, and what it left in its pipe is read; but a child of its own
 * holds the pipe, so its end will never be seen. */
void
kid_check_left(struct kid *k, int64_t now)
{
	if (k->child.state != CHILD_ENDED || k->over || k->held ||
	    now - k->heard_at < LEFT_NS)
		return;
	join_end(k->join);
	k->over = true;
	if (k->why[0] == '\0')
		snprintf(k->why, sizeof k->why, "its output never ended");
}

/* True where another child of the run, after so many failures in a row, would
 * fare no better: nothing is there where the asset should begin, or twice it
 * could not be begun with at all, or it was of no use to four of them.  Where
 * nothing else could be played either, once is enough. */
static bool
kid_was_last(const struct channel *c, const struct kid *k, unsigned failures)
{
	if (k->outside)
		return false;
	if (!join_started(k->join) && k->end != END_KILLED)
		return k->end == END_WELL || failures >= HOPELESS ||
		    c->useless > USELESS;
	return failures >= USELESS;
}

/* What it was to play, as the timeline has it; NULL: it has not. */
static const struct asset *
kid_asset(struct channel *c, const struct kid *k)
{
	const struct asset *a = k->filler ?
	    timeline_filler(c->timeline, k->n0).asset :
	    channel_sight(c, k->n0).segment.asset;

	return a != NULL && strcmp(a->path, k->path) == 0 ? a : NULL;
}

/* Filler is never given up: another piece of it comes, and there is nothing
 * else.  Where other children are of use, the asset is to blame. */
static void
kid_give_up(struct channel *c, const struct kid *k, int64_t now,
    struct channel_out *o)
{
	const struct asset *a = kid_asset(c, k);

	if (!k->filler) {
		retry_give_up(&c->retry, k->retry, now);
		/* Filler goes on where that has come to: its first piece may
		 * come at once, but if that is no good either the next one
		 * waits. */
		if (retry_is_new(&c->retry, KIDS_FILLER))
			retry_failed(&c->retry, KIDS_FILLER, now, false,
			    false);
	}
	if (c->useless <= USELESS && a != NULL)
		channel_bad_asset(c, o, k->n0, a, now, k->why);
}

/* Count its failure; returns how many in a row its file may be to blame for. */
static unsigned
failure_count(struct channel *c, const struct kid *k, int64_t now)
{
	bool proved = kid_proved(c, k);

	if (proved)
		c->useless = 0;
	else if (!k->outside)
		c->useless++;
	if (k->filler)
		retry_failed(&c->retry, KIDS_FILLER, now, proved, !k->outside);
	return retry_failed(&c->retry, k->retry, now, proved, !k->outside);
}

/* ffmpeg's exit code proves nothing: success is the number of pictures. */
void
kid_judge(struct channel *c, struct kid *k, int64_t now,
    struct channel_out *o)
{
	bool ended = k->child.eof && k->child.exited;
	unsigned failures;

	if (k->judged)
		return;
	if (join_cut(k->join) >= k->n1) {
		k->judged = true;
		c->useless = 0;
		return;
	}
	if (join_broken(k->join) != NULL && !k->over) {
		join_end(k->join);
		k->over = true;
		snprintf(k->why, sizeof k->why, "%s", join_broken(k->join));
	}
	if (!k->over || (!ended && k->why[0] == '\0'))
		return;
	k->judged = true;
	if (k->why[0] == '\0')
		snprintf(k->why, sizeof k->why, "%s", join_started(k->join) ?
		    "ended before its last picture" :
		    "no picture at its in-point");
	c->want_at = now;
	channel_failed(c, o, k, kid_asset(c, k), now, k->why);
	if (k->trial)
		return;		/* of what has been given up */
	failures = failure_count(c, k, now);
	if (kid_was_last(c, k, failures))
		kid_give_up(c, k, now, o);
}

/* What is ended because its time is over has not failed, but what has shown
 * nothing in all its time is told of. */
void
kid_outlived(struct channel *c, struct kid *k, int64_t now,
    struct channel_out *o)
{
	if (c->next < k->n1 || k->over || k->judged)
		return;
	k->judged = true;
	if (k->aired == 0)
		channel_failed(c, o, k, kid_asset(c, k), now,
		    "nothing came in its time");
}
