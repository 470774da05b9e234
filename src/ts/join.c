#include "ts/join.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define PENDING_MAX	16	/* pictures decoded ahead of a hole */
#define ORIGIN_NONE	INT64_MIN
#define EARLY_MAX	512	/* audio packets before the first picture ... */
#define EARLY_BYTES	(1u << 20)	/* ... and bytes: ten seconds */
#define AUDIO_AHEAD_S	30	/* audio runs ahead of the pictures so far */

/* A queue of access units; the oldest at `first`. */
struct queue {
	struct au **units;
	size_t first, n, cap;
};

struct join {
	struct grid grid;
	int64_t n0, n1;
	int64_t origin;		/* PTS of the child's first picture */
	int64_t distance;	/* ticks from there to its latest, unwrapped */
	int64_t base;		/* slot of the first unit since the skip */
	int64_t skip;		/* no picture before this is wanted ... */
	bool skipping;		/* ... and no key frame after it seen yet */
	int64_t head;		/* slot of pictures.units[first] */
	int64_t received;	/* units queued since base */
	int64_t whole;		/* of these, without a gap on display */
	int64_t last;		/* the highest picture number since base */
	int64_t newest;		/* that of the child's last picture */
	int64_t taken;		/* the highest that has been taken */
	struct queue pictures;
	struct queue audio;	/* frames audio_head..., NULL: missing */
	int64_t audio_head;	/* index of audio.units[first] */
	struct au *early[EARLY_MAX];	/* index: PTS */
	size_t nearly, early_bytes;
	bool ended;
	size_t bytes;
	const char *broken;
	struct demux *demux;
};

static void
queue_push(struct queue *q, struct au *u)
{
	if (q->first + q->n == q->cap && q->first > q->cap / 2) {
		memmove(q->units, q->units + q->first,
		    q->n * sizeof q->units[0]);
		q->first = 0;
	}
	xgrow(&q->units, &q->cap, q->first + q->n + 1, sizeof q->units[0]);
	q->units[q->first + q->n++] = u;
}

static struct au *
queue_pop(struct queue *q)
{
	q->n--;
	return q->units[q->first++];
}

static struct au *
unit_pop(struct join *j, struct queue *q)
{
	struct au *u = queue_pop(q);

	if (u != NULL)
		j->bytes -= u->len;
	return u;
}

static void
unit_push(struct join *j, struct queue *q, struct au *u)
{
	if (u != NULL)
		j->bytes += u->len;
	queue_push(q, u);
}

static void
queue_clear(struct join *j, struct queue *q)
{
	while (q->n != 0)
		free(unit_pop(j, q));
}

static void
broken(struct join *j, const char *why)
{
	if (j->broken == NULL)
		j->broken = why;
}

/* The unit goes to the next slot.  PTS >= DTS must hold there, and the
 * stretch is whole when the highest number displayed is the count. */
static void
picture_queue(struct join *j, struct au *u)
{
	int64_t slot = j->base + j->received;

	if (u->index < j->base || u->index < slot - j->grid.reorder) {
		broken(j, "pictures out of order");
		free(u);
		return;
	}
	if (j->received == 0 || u->index > j->last)
		j->last = u->index;
	unit_push(j, &j->pictures, u);
	j->received++;
	if (j->last - j->base + 1 == j->received)
		j->whole = j->received;
	else if (j->received - j->whole > PENDING_MAX)
		broken(j, "a picture is missing");
}

/* Begin again at key frame u: everything after it in decoding order is
 * displayed after it, the group of pictures being closed. */
static void
base_set(struct join *j, int64_t n)
{
	j->base = j->head = n;
	j->taken = n - 1;
	j->received = j->whole = 0;
	j->skipping = false;
}

/* Ticks from the child's first picture.  Time stamps tell only half of their
 * wrap of 26.5 h apart, and a child may play for a day: each is measured from
 * the latest picture. */
static int64_t
distance(const struct join *j, int64_t pts)
{
	return j->distance + ts_diff(pts, j->origin + j->distance);
}

static void
on_picture(struct join *j, int64_t pts, const uint8_t *data, size_t len)
{
	bool key = h264_is_idr(data, len);
	int64_t n;

	if (len == 0) {
		broken(j, "an empty picture");
		return;
	}
	if (j->origin == ORIGIN_NONE) {
		if (!key) {
			broken(j, "the first picture is no key frame");
			return;
		}
		j->origin = pts;
	}
	j->distance = distance(j, pts);
	n = j->n0 + muldiv_round(j->distance, j->grid.rate.num,
	    TS_HZ * j->grid.rate.den);
	j->newest = n;
	if (n >= j->n1)
		return;
	if (j->skipping) {
		if (!key || n < j->skip)
			return;
		base_set(j, n);
	}
	picture_queue(j, au_new(n, key, data, len));
}

/* The grid position nearest to where the child has the frame. */
static int64_t
audio_index(const struct join *j, int64_t pts)
{
	int64_t t = rate_ticks(j->grid.rate, j->n0, TS_HZ) +
	    distance(j, pts);

	return muldiv_round(t, j->grid.sample_rate, TS_HZ * j->grid.spf);
}

static void
audio_put(struct join *j, int64_t m, const uint8_t *data, size_t len)
{
	if (m < j->audio_head || m >= grid_audio(&j->grid, j->n1))
		return;
	/* Places are made up to m: not for any PTS that a child may write. */
	if (m > grid_audio(&j->grid, j->newest) +
	    AUDIO_AHEAD_S * j->grid.sample_rate / j->grid.spf) {
		broken(j, "audio far ahead of the pictures");
		return;
	}
	while (j->audio_head + (int64_t)j->audio.n < m)
		unit_push(j, &j->audio, NULL);
	if (j->audio_head + (int64_t)j->audio.n == m)
		unit_push(j, &j->audio, au_new(m, true, data, len));
}

/* Why the frame at data cannot air, or NULL: a decoder that has been playing
 * the channel's sound would stumble over any other. */
static const char *
audio_fault(const struct grid *g, const uint8_t *data, size_t len,
    struct aframe *f)
{
	if (!aframe_parse(g->codec, data, len, f))
		return "a damaged audio frame, or of another codec";
	if (f->sample_rate != g->sample_rate)
		return "audio of another sample rate";
	if (f->samples != g->spf)
		return "audio frames of another length";
	if (g->channels != 0 && f->channels != g->channels)
		return "audio with another number of channels";
	return NULL;
}

static void
early_put(struct join *j, int64_t pts, const uint8_t *data, size_t len)
{
	if (j->nearly == EARLY_MAX || j->early_bytes + len > EARLY_BYTES) {
		broken(j, "audio without pictures");
		return;
	}
	j->early[j->nearly++] = au_new(pts, true, data, len);
	j->early_bytes += len;
}

static void
on_audio(struct join *j, int64_t pts, const uint8_t *data, size_t len)
{
	struct aframe f;
	const char *fault;

	/* Its place is known when the first picture is whole. */
	if (j->origin == ORIGIN_NONE) {
		early_put(j, pts, data, len);
		return;
	}
	for (int64_t m = audio_index(j, pts); len != 0 && j->broken == NULL;
	    m++) {
		if ((fault = audio_fault(&j->grid, data, len, &f)) != NULL) {
			broken(j, fault);
			return;
		}
		audio_put(j, m, data, f.len);
		data += f.len;
		len -= f.len;
	}
}

static void
early_place(struct join *j)
{
	size_t n = j->nearly;

	j->nearly = j->early_bytes = 0;
	for (size_t i = 0; i < n; i++) {
		struct au *u = j->early[i];

		on_audio(j, u->index, u->data, u->len);
		free(u);
	}
}

static void
on_pes(void *ctx, enum demux_stream s, int64_t pts, int64_t dts,
    const uint8_t *data, size_t len)
{
	struct join *j = ctx;

	(void)dts;		/* made anew by the slot */
	if (demux_counts(j->demux)->damaged != 0)
		broken(j, "damaged packets");
	if (j->broken != NULL)
		return;
	if (s == DEMUX_VIDEO)
		on_picture(j, pts, data, len);
	else
		on_audio(j, pts, data, len);
	if (j->origin != ORIGIN_NONE && j->nearly != 0)
		early_place(j);
}

struct join *
join_new(const struct grid *g, int64_t n0, int64_t n1)
{
	struct join *j = xcalloc(1, sizeof *j);

	j->grid = *g;
	j->n0 = n0;
	j->n1 = n1;
	j->origin = ORIGIN_NONE;
	j->newest = n0;
	base_set(j, n0);
	j->audio_head = grid_audio(g, n0);
	j->demux = demux_new(on_pes, j);
	return j;
}

void
join_free(struct join *j)
{
	if (j == NULL)
		return;
	queue_clear(j, &j->pictures);
	queue_clear(j, &j->audio);
	for (size_t i = 0; i < j->nearly; i++)
		free(j->early[i]);
	free(j->pictures.units);
	free(j->audio.units);
	demux_free(j->demux);
	free(j);
}

void
join_feed(struct join *j, const uint8_t *data, size_t len)
{
	if (j->broken == NULL)
		demux_feed(j->demux, data, len);
}

void
join_end(struct join *j)
{
	if (j->broken == NULL)
		demux_end(j->demux);
	j->ended = true;
}

/* The first slot from n on before which no picture is missing of those that
 * are displayed up to there; join_cut() where there is none. */
static int64_t
whole_from(const struct join *j, int64_t n)
{
	int64_t last = j->taken, slot = j->head;

	while (slot < join_cut(j) && (slot < n || last + 1 != slot)) {
		const struct au *u = j->pictures.units[j->pictures.first +
		    (size_t)(slot - j->head)];

		last = u->index > last ? u->index : last;
		slot++;
	}
	return slot;
}

void
join_end_at(struct join *j, int64_t n)
{
	/* A picture that has only half come is none. */
	j->ended = true;
	if (j->skipping)
		return;
	j->n1 = whole_from(j, n);
	while ((int64_t)j->pictures.n > j->n1 - j->head) {
		struct au *u = j->pictures.units[j->pictures.first +
		    --j->pictures.n];

		j->bytes -= u->len;
		free(u);
	}
	j->received = j->whole = j->n1 - j->base;
	j->last = j->n1 - 1;
}

int64_t
join_head(const struct join *j)
{
	return j->head;
}

int64_t
join_cut(const struct join *j)
{
	return j->base + j->whole;
}

/* The sound of slot n is here when a later frame is; it will not come when
 * the child has ended or has sent a second of pictures beyond. */
static bool
audio_settled(const struct join *j, int64_t n)
{
	if (j->audio_head + (int64_t)j->audio.n >= grid_audio(&j->grid, n + 1))
		return true;
	return j->ended || j->broken != NULL ||
	    join_cut(j) - n > j->grid.rate.num / j->grid.rate.den;
}

bool
join_has(const struct join *j, int64_t n)
{
	return n == j->head && n < join_cut(j) && audio_settled(j, n);
}

static void
audio_drop_before(struct join *j, int64_t m)
{
	while (j->audio_head < m) {
		if (j->audio.n != 0)
			free(unit_pop(j, &j->audio));
		j->audio_head++;
	}
}

size_t
join_take(struct join *j, int64_t n, struct au **picture,
    struct au *audio[JOIN_AUDIO_MAX])
{
	int64_t end = grid_audio(&j->grid, n + 1);
	size_t count = 0;

	*picture = unit_pop(j, &j->pictures);
	if ((*picture)->index > j->taken)
		j->taken = (*picture)->index;
	j->head++;
	audio_drop_before(j, grid_audio(&j->grid, n));
	for (; j->audio_head < end && count < JOIN_AUDIO_MAX; count++) {
		audio[count] = j->audio.n != 0 ? unit_pop(j, &j->audio) : NULL;
		j->audio_head++;
	}
	return count;
}

/* Give up the queue's oldest units up to a key frame at or after n. */
static void
pictures_skip(struct join *j, int64_t n)
{
	struct queue keep = j->pictures;

	j->pictures = (struct queue){ 0 };
	j->skipping = true;
	while (keep.n != 0) {
		struct au *u = queue_pop(&keep);

		j->bytes -= u->len;
		if (j->skipping && u->key && u->index >= n)
			base_set(j, u->index);
		if (j->skipping)
			free(u);
		else
			picture_queue(j, u);
	}
	free(keep.units);
}

void
join_skip(struct join *j, int64_t n)
{
	if (n <= j->head)
		return;
	j->skip = n;
	pictures_skip(j, n);
	if (j->skipping) {
		base_set(j, n);
		j->skipping = true;
	}
	audio_drop_before(j, grid_audio(&j->grid, j->head));
}

const char *
join_broken(const struct join *j)
{
	return j->broken;
}

bool
join_started(const struct join *j)
{
	return j->origin != ORIGIN_NONE;
}

int64_t
join_newest(const struct join *j)
{
	return j->newest;
}

size_t
join_bytes(const struct join *j)
{
	return j->bytes;
}

const struct demux_counts *
join_counts(const struct join *j)
{
	return demux_counts(j->demux);
}
