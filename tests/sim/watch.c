#include "watch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "fakechild.h"

#define PACKET		188
#define PIDS		8192
#define PID_VIDEO	0x100
#define PID_AUDIO	0x101
#define PID_EIT		0x12
#define EIT_BARE	15		/* section_length without events */
#define WRAP		(INT64_C(1) << 33)
#define HZ		90000
#define LEAD		45000		/* DTS - PCR, air.md 4 */
#define REORDER		2
#define WINDOW		64		/* pictures not yet shown, at most */
#define FAULTS_SHOWN	20
#define PCR_GAP_MAX	(27000 * 40)
#define DELAY_MIN	(90 * 100)
#define DELAY_MAX	(90 * 1000)
#define NONE		INT64_MIN

__extension__ typedef __int128 wide;

struct watch {
	int64_t num, den, spf;
	watch_unit_fn *on_picture, *on_sound;
	watch_event_fn *on_event;
	void *ctx;
	struct watch_counts counts;
	int8_t cc[PIDS];
	int64_t slot;		/* of the next picture decoded */
	int64_t frame;		/* the next audio frame */
	int64_t low;		/* the lowest picture not yet shown ... */
	uint64_t shown;		/* ... and which from there on are */
	int64_t dts, sound, pcr;	/* the last ones, unwrapped */
	int64_t pts;		/* of picture low - 1 */
	int64_t told[2];	/* slots that last had an event section */
	bool step;		/* a discontinuity is announced */
	struct {
		bool open;
		int64_t said, got;	/* bytes; said 0: not said */
	} pes[2];
};

static int64_t
rounded(wide a, wide b)
{
	wide q = (2 * a + b) / (2 * b);

	/* C rounds to zero; times here are never negative. */
	return (int64_t)q;
}

static int64_t
delay(const struct watch *w)
{
	return LEAD + rounded((wide)REORDER * w->den * HZ, w->num);
}

static int64_t
pts_of(const struct watch *w, int64_t n)
{
	return rounded((wide)n * w->den * HZ, w->num) + delay(w);
}

static int64_t
sound_of(const struct watch *w, int64_t m)
{
	return rounded((wide)m * w->spf * HZ, 48000) + delay(w);
}

static int64_t
pcr_of(const struct watch *w, int64_t n)
{
	return rounded((wide)n * w->den * HZ * 300, w->num);
}

/* The first audio frame that begins at or after picture n. */
static int64_t
frame_from(const struct watch *w, int64_t n)
{
	wide a = (wide)n * w->den * 48000, b = (wide)w->num * w->spf;

	return (int64_t)((a + b - 1) / b);
}

void
watch_fault(struct watch *w, const char *fmt, ...)
{
	va_list ap;

	if (w->counts.faults++ >= FAULTS_SHOWN)
		return;
	printf("slot %" PRId64 ": ", w->slot);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void
span_take(struct watch_span *s, int64_t v)
{
	if (v < s->min)
		s->min = v;
	if (v > s->max)
		s->max = v;
}

static void
begin(struct watch *w, int64_t first)
{
	w->slot = w->low = first;
	w->frame = frame_from(w, first);
	w->shown = 0;
	w->dts = w->sound = w->pcr = w->pts = NONE;
	w->told[0] = w->told[1] = first;
}

struct watch *
watch_new(int64_t num, int64_t den, int64_t spf, int64_t first,
    watch_unit_fn *on_picture, watch_unit_fn *on_sound,
    watch_event_fn *on_event, void *ctx)
{
	struct watch *w = xcalloc(1, sizeof *w);
	const struct watch_span none = { INT64_MAX, INT64_MIN };

	w->num = num;
	w->den = den;
	w->spf = spf;
	w->on_picture = on_picture;
	w->on_sound = on_sound;
	w->on_event = on_event;
	w->ctx = ctx;
	memset(w->cc, -1, sizeof w->cc);
	w->counts.dts = w->counts.pts = w->counts.sound = w->counts.pcr =
	    w->counts.delay = none;
	w->counts.av_first = NONE;
	begin(w, first);
	return w;
}

void
watch_free(struct watch *w)
{
	free(w);
}

void
watch_step(struct watch *w, int64_t first)
{
	w->step = true;
	begin(w, first);
}

const struct watch_counts *
watch_counts(const struct watch *w)
{
	return &w->counts;
}

int64_t
watch_wrap_picture(int64_t num, int64_t den, int64_t k)
{
	const struct watch w = { .num = num, .den = den };
	int64_t n = (int64_t)((wide)(k * WRAP - delay(&w)) * num /
	    ((wide)den * HZ)) - 2;

	while (pts_of(&w, n) < k * WRAP)
		n++;
	return n;
}

/* The value near `like` whose 33 bits are those of t. */
static int64_t
unwrap(int64_t t, int64_t like, int64_t wrap)
{
	int64_t d = (t - like) % wrap;

	if (d < 0)
		d += wrap;
	return like + (d >= wrap / 2 ? d - wrap : d);
}

static int64_t
stamp(const uint8_t *p)
{
	return (int64_t)(p[0] >> 1 & 7) << 30 | (int64_t)p[1] << 22 |
	    (int64_t)(p[2] >> 1) << 15 | (int64_t)p[3] << 7 | p[4] >> 1;
}

static uint64_t
septets(const uint8_t *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 7 | (p[n] & 0x7f);
	return v;
}

/* Picture n is shown: each once, none far ahead of one that is missing. */
static void
show(struct watch *w, int64_t n)
{
	int64_t at = n - w->low;

	if (at < 0 || at >= WINDOW || w->shown >> at & 1) {
		watch_fault(w, "picture %" PRId64 " comes twice or too early",
		    n);
		return;
	}
	w->shown |= UINT64_C(1) << at;
	for (; w->shown & 1; w->shown >>= 1) {
		int64_t pts = pts_of(w, w->low++);

		if (w->pts != NONE)
			span_take(&w->counts.pts, pts - w->pts);
		w->pts = pts;
	}
}

static void
delay_check(struct watch *w, int64_t t)
{
	int64_t d = t - w->pcr / 300;

	span_take(&w->counts.delay, d);
	if (w->pcr == NONE || d < DELAY_MIN || d > DELAY_MAX)
		watch_fault(w, "%" PRId64 " ticks after its PCR", d);
}

/* Where the payload says what it is. */
static bool
identify(struct watch *w, const uint8_t *p, size_t len, size_t at,
    uint32_t *asset, int64_t *position)
{
	if (len < at + FAKE_MARK_LEN + FAKE_ASSET_LEN + FAKE_POS_LEN ||
	    memcmp(p + at, FAKE_MARK, FAKE_MARK_LEN) != 0) {
		watch_fault(w, "a unit without a name");
		return false;
	}
	at += FAKE_MARK_LEN;
	*asset = (uint32_t)septets(p + at, FAKE_ASSET_LEN);
	*position = (int64_t)septets(p + at + FAKE_ASSET_LEN, FAKE_POS_LEN);
	return true;
}

/* What is on and what follows come every two seconds. */
static void
told_check(struct watch *w)
{
	for (int i = 0; i < 2; i++)
		if ((w->slot - w->told[i]) * w->den > 2 * w->num) {
			watch_fault(w, "event section %d is overdue", i);
			w->told[i] = w->slot;
		}
}

static void
picture(struct watch *w, int64_t pts, int64_t dts, const uint8_t *es,
    size_t len)
{
	int64_t want = pts_of(w, w->slot - REORDER), n, position;
	int64_t got = unwrap(dts, want, WRAP), shown = unwrap(pts, got, WRAP);
	uint32_t asset;

	if (got != want)
		watch_fault(w, "DTS is off by %" PRId64, got - want);
	if (w->dts != NONE) {
		span_take(&w->counts.dts, got - w->dts);
		w->counts.wraps += got / WRAP != w->dts / WRAP;
	}
	w->dts = got;
	n = rounded((wide)(shown - delay(w)) * w->num, (wide)w->den * HZ);
	if (pts_of(w, n) != shown)
		watch_fault(w, "PTS is off by %" PRId64, shown - pts_of(w, n));
	delay_check(w, got);
	told_check(w);
	show(w, n);
	w->counts.pictures++;
	if (identify(w, es, len, 11, &asset, &position))
		w->on_picture(w->ctx, n, (es[10] & 0x1f) == 5, asset,
		    position);
	w->slot++;
}

static void
sound(struct watch *w, int64_t pts, const uint8_t *es, size_t len)
{
	int64_t want = sound_of(w, w->frame), got = unwrap(pts, want, WRAP);
	int64_t position;
	uint32_t asset;

	if (got != want)
		watch_fault(w, "sound is off by %" PRId64, got - want);
	if (w->sound != NONE)
		span_take(&w->counts.sound, got - w->sound);
	w->sound = got;
	/* Measured on the stream alone: how far this frame stands from the
	 * picture before it, against how far the two grids are apart. */
	w->counts.av_last = (got - w->dts) - (want - pts_of(w, w->slot - 1 -
	    REORDER));
	if (w->counts.av_first == NONE)
		w->counts.av_first = w->counts.av_last;
	delay_check(w, got);
	w->counts.sounds++;
	if (identify(w, es, len, 7, &asset, &position))
		w->on_sound(w->ctx, w->frame, false, asset, position);
	w->frame++;
}

static void
pcr_take(struct watch *w, const uint8_t *p)
{
	int64_t base = (int64_t)p[0] << 25 | (int64_t)p[1] << 17 |
	    (int64_t)p[2] << 9 | (int64_t)p[3] << 1 | p[4] >> 7;
	int64_t like = w->pcr != NONE ? w->pcr : pcr_of(w, w->slot);
	int64_t t = unwrap(base * 300 + ((p[4] & 1) << 8 | p[5]), like,
	    WRAP * 300);

	if (w->pcr != NONE) {
		span_take(&w->counts.pcr, t - w->pcr);
		if (t <= w->pcr || t - w->pcr > PCR_GAP_MAX)
			watch_fault(w, "PCR moves by %" PRId64, t - w->pcr);
	}
	w->pcr = t;
}

/* The PCR in the packet of slot n is when the slot is released. */
static void
adaptation(struct watch *w, const uint8_t *p, bool start)
{
	if (p[4] == 0)
		return;
	if (p[5] & 0x80) {
		w->counts.discontinuities++;
		if (!w->step)
			watch_fault(w, "a discontinuity no one announced");
		w->step = false;
	}
	if (!(p[5] & 0x10))
		return;
	pcr_take(w, p + 6);
	if (start && w->pcr != pcr_of(w, w->slot))
		watch_fault(w, "PCR is off by %" PRId64,
		    w->pcr - pcr_of(w, w->slot));
}

static void
pes_end(struct watch *w, int i)
{
	if (w->pes[i].open && w->pes[i].said != 0 &&
	    w->pes[i].said != w->pes[i].got)
		watch_fault(w, "a PES packet of %" PRId64 " bytes holds %"
		    PRId64, w->pes[i].said, w->pes[i].got);
}

static void
pes_begin(struct watch *w, int i, const uint8_t *p, size_t len)
{
	int64_t pts, dts;
	size_t head;

	pes_end(w, i);
	w->pes[i].open = true;
	if (len < 19 || memcmp(p, "\0\0\1", 3) != 0 || !(p[7] & 0x80)) {
		watch_fault(w, "no PES header");
		return;
	}
	w->pes[i].said = p[4] << 8 | p[5];
	if (w->pes[i].said != 0)
		w->pes[i].said += 6;
	w->pes[i].got = 0;
	head = (size_t)9 + p[8];
	pts = stamp(p + 9);
	dts = p[7] & 0x40 ? stamp(p + 14) : pts;
	if (head > len)
		watch_fault(w, "a PES header too long");
	else if (i == 0)
		picture(w, pts, dts, p + head, len - head);
	else
		sound(w, pts, p + head, len - head);
}

static void
continuity(struct watch *w, int pid, const uint8_t *p)
{
	int cc = p[3] & 15, last = w->cc[pid];
	int want = p[3] & 0x10 ? (last + 1) & 15 : last;

	if (last >= 0 && cc != want)
		watch_fault(w, "continuity of PID 0x%x: %d after %d", pid, cc,
		    last);
	w->cc[pid] = (int8_t)cc;
}

/* A section's begin, behind its pointer_field: it stands before the picture
 * of its slot. */
static void
event(struct watch *w, const uint8_t *s)
{
	int len = (s[1] & 0xf) << 8 | s[2];

	if (s[6] > 1) {
		watch_fault(w, "an event section %d", s[6]);
		return;
	}
	w->told[s[6]] = w->slot;
	w->on_event(w->ctx, w->slot, s[6],
	    len > EIT_BARE ? s[14] << 8 | s[15] : -1);
}

static void
packet(struct watch *w, const uint8_t *p)
{
	int pid = (p[1] & 0x1f) << 8 | p[2], i = pid == PID_AUDIO;
	bool start = p[1] & 0x40;
	size_t off = 4;

	w->counts.packets++;
	if (p[0] != 0x47 || p[1] & 0x80) {
		watch_fault(w, "no packet");
		return;
	}
	continuity(w, pid, p);
	if (pid == PID_EIT && start)
		event(w, p + 5);
	if (pid != PID_VIDEO && pid != PID_AUDIO)
		return;
	if (p[3] & 0x20) {
		adaptation(w, p, start);
		off += 1u + p[4];
	}
	if (!(p[3] & 0x10) || off >= PACKET)
		return;
	if (start)
		pes_begin(w, i, p + off, PACKET - off);
	w->pes[i].got += (int64_t)(PACKET - off);
}

void
watch_feed(struct watch *w, const uint8_t *p, size_t len)
{
	if (len % PACKET != 0)
		watch_fault(w, "%zu bytes are no whole packets", len);
	for (; len >= PACKET; p += PACKET, len -= PACKET)
		packet(w, p);
}
