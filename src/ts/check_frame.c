#include "ts/check_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"

#define US(t)		((t) * 100 / 9)
#define HEAD_ADTS	7
#define HEAD_MPEG	4
#define HEAD_AC3	6
#define TYPE_MPEG1	0x01
#define TYPE_MPEG2	0x02
#define TYPE_H264	0x1b
#define TYPE_HEVC	0x24
#define PICTURE_I	1	/* ISO/IEC 13818-2 table 6-12 */
#define IRAP_FIRST	16	/* ITU-T H.265 table 7-1 */
#define IRAP_LAST	23
#define TOLERANCE	1	/* tick */

struct frame {
	size_t len;		/* bytes */
	int64_t samples;
	uint32_t rate;
};

/* ISO/IEC 13818-7 6.2. */
static bool
adts_parse(const uint8_t *h, struct frame *f)
{
	static const uint32_t rates[16] = { 96000, 88200, 64000, 48000, 44100,
	    32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350 };

	if (h[0] != 0xff || (h[1] & 0xf6) != 0xf0)
		return false;
	f->len = (size_t)(h[3] & 3) << 11 | (size_t)h[4] << 3 | h[5] >> 5;
	f->rate = rates[h[2] >> 2 & 0xf];
	f->samples = 1024 * ((h[6] & 3) + 1);
	return f->len >= HEAD_ADTS && f->rate != 0;
}

/* Kilobits per second: MPEG-1 layers I, II, III; MPEG-2 I, II and III. */
static const uint16_t mpeg_kbits[5][15] = {
	{ 0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416,
	    448 },
	{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 },
	{ 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },
	{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256 },
	{ 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },
};

/* ISO/IEC 11172-3 2.4.1.3; free format is not told. */
static bool
mpeg_parse(const uint8_t *h, struct frame *f)
{
	static const uint32_t rates[3] = { 44100, 48000, 32000 };
	unsigned version = h[1] >> 3 & 3, layer = 4 - (h[1] >> 1 & 3);
	unsigned index = h[2] >> 4, rate = h[2] >> 2 & 3;
	unsigned low = version != 3, pad = h[2] >> 1 & 1, bits;

	if (h[0] != 0xff || (h[1] & 0xe0) != 0xe0 || version == 1 ||
	    layer == 4 || index == 0 || index == 15 || rate == 3)
		return false;
	bits = 1000u * mpeg_kbits[low ? (layer == 1 ? 3 : 4) : layer - 1]
	    [index];
	f->rate = rates[rate] >> (version == 2 ? 1 : version == 0 ? 2 : 0);
	f->samples = layer == 1 ? 384 : layer == 3 && low ? 576 : 1152;
	if (layer == 1)
		f->len = (12 * bits / f->rate + pad) * 4;
	else
		f->len = (size_t)f->samples / 8 * bits / f->rate + pad;
	return f->len > HEAD_MPEG;
}

/* ETSI TS 102 366 4.4.1 and table 4.13. */
static bool
ac3_plain_parse(const uint8_t *h, struct frame *f)
{
	static const uint16_t kbits[19] = { 32, 40, 48, 56, 64, 80, 96, 112,
	    128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640 };
	static const uint32_t rates[3] = { 48000, 44100, 32000 };
	unsigned code = h[4] & 0x3f, rate = h[4] >> 6, words;

	if (rate == 3 || code >= 2 * sizeof kbits / sizeof kbits[0])
		return false;
	/* 1536 samples of kbits[code / 2], in 16-bit words. */
	words = 96000u * kbits[code / 2] / rates[rate];
	if (rate == 1)
		words += code & 1;
	f->len = 2 * (size_t)words;
	f->rate = rates[rate];
	f->samples = 1536;
	return true;
}

/* ETSI TS 102 366 annex E.  Dependent and further substreams are of the same
 * moment as the first. */
static bool
ac3_enhanced_parse(const uint8_t *h, struct frame *f)
{
	static const uint32_t rates[3] = { 48000, 44100, 32000 };
	static const uint8_t blocks[4] = { 1, 2, 3, 6 };
	unsigned rate = h[4] >> 6, more = h[4] >> 4 & 3;
	bool extra = h[2] >> 6 == 1 || (h[2] >> 3 & 7) != 0;

	if (rate == 3 && more == 3)
		return false;
	f->len = 2 * (((size_t)(h[2] & 7) << 8 | h[3]) + 1);
	f->rate = rate == 3 ? rates[more] / 2 : rates[rate];
	f->samples = extra ? 0 : 256 * (rate == 3 ? 6 : blocks[more]);
	return f->len > HEAD_AC3;
}

static bool
ac3_parse(const uint8_t *h, struct frame *f)
{
	unsigned bsid = h[5] >> 3;

	if (h[0] != 0x0b || h[1] != 0x77 || bsid > 16)
		return false;
	return bsid <= 10 ? ac3_plain_parse(h, f) : ac3_enhanced_parse(h, f);
}

static const struct framing {
	size_t head;
	bool (*parse)(const uint8_t *h, struct frame *f);
} framings[] = {
	[FRAMING_ADTS] = { HEAD_ADTS, adts_parse },
	[FRAMING_MPEG] = { HEAD_MPEG, mpeg_parse },
	[FRAMING_AC3] = { HEAD_AC3, ac3_parse },
};

/* The PTS of a frame against the frames before it. */
static void
frame_stamp(struct check *c, struct check_pid *p, const struct frame *f)
{
	struct check_es *e = p->es;
	int64_t run = muldiv_round(e->samples, TS_HZ, f->rate);
	int64_t off = ts_diff(e->pts, e->base + run);
	int64_t step = off - e->off, half = f->samples * TS_HZ / f->rate / 2;

	e->due = false;
	if (e->based && llabs(step) > half) {
		check_complain_at(c, CHECK_AUDIO_GAP, p->m.pid, &e->start,
		    US(step));
		e->based = false;
	} else if (e->based && llabs(step) > TOLERANCE) {
		check_complain_at(c, CHECK_UNEVEN, p->m.pid, &e->start,
		    US(step));
	}
	if (e->based) {
		e->off = off;
	} else {
		e->drift += e->off;
		e->base = e->pts;
		e->samples = e->off = 0;
		e->based = true;
	}
	p->m.drift = e->drift + e->off;
}

static void
frame_begin(struct check *c, struct check_pid *p, const struct frame *f)
{
	struct check_es *e = p->es;

	if (f->rate != p->m.sample_rate || !e->in_sync)
		e->based = false;
	e->in_sync = true;
	p->m.sample_rate = f->rate;
	if (f->samples == 0)
		return;
	if (e->due)
		frame_stamp(c, p, f);
	e->samples += f->samples;
	p->m.frames++;
}

static void
audio_head(struct check *c, struct check_pid *p, const struct framing *g)
{
	struct check_es *e = p->es;
	struct frame f;

	if (g->parse(e->frame, &f)) {
		frame_begin(c, p, &f);
		e->frame_left = f.len - g->head;
		e->nframe = 0;
	} else {
		e->in_sync = e->based = false;
		memmove(e->frame, e->frame + 1, --e->nframe);
	}
}

static void
audio_bytes(struct check *c, struct check_pid *p, const uint8_t *data,
    size_t len)
{
	const struct framing *g = &framings[p->framing];
	struct check_es *e = p->es;

	while (len != 0) {
		size_t n = e->frame_left;

		if (n == 0) {
			e->frame[e->nframe++] = *data++;
			len--;
			if (e->nframe >= g->head)
				audio_head(c, p, g);
			continue;
		}
		n = n < len ? n : len;
		e->frame_left -= n;
		data += n;
		len -= n;
	}
}

static void
picture_begin(struct check_pid *p, bool key)
{
	struct check_es *e = p->es;

	e->seeking = false;
	if (key || e->flagged) {
		if (p->m.keys++ != 0) {
			check_span_add(&p->m.key_pictures,
			    (int64_t)(e->pictures - e->key_at));
			check_span_add(&p->m.key_ticks,
			    e->udts - e->key_dts);
		}
		e->key_at = e->pictures;
		e->key_dts = e->udts;
	}
	e->pictures++;
}

/* Does the byte end what tells a picture's kind?  The last eight are in
 * code. */
static void
video_code(struct check_pid *p, uint64_t code)
{
	unsigned type;

	if (p->m.type <= TYPE_MPEG2) {
		/* picture_start_code, temporal_reference, coding type */
		if ((code >> 16 & 0xffffffff) == 0x100)
			picture_begin(p, (code >> 3 & 7) == PICTURE_I);
		return;
	}
	if ((code >> 8 & 0xffffff) != 1)
		return;
	type = (unsigned)code & 0x1f;
	if (p->m.type == TYPE_H264 && (type == 1 || type == 2 || type == 5))
		picture_begin(p, type == 5);
	type = (unsigned)code >> 1 & 0x3f;
	if (p->m.type == TYPE_HEVC && type < 32)
		picture_begin(p, type >= IRAP_FIRST && type <= IRAP_LAST);
}

static void
video_bytes(struct check_pid *p, const uint8_t *data, size_t len)
{
	struct check_es *e = p->es;

	for (size_t i = 0; i < len && e->seeking; i++) {
		e->code = e->code << 8 | data[i];
		video_code(p, e->code);
	}
}

void
check_frame_start(struct check_pid *p, bool stamped)
{
	struct check_es *e = p->es;

	e->code = UINT64_MAX;
	e->seeking = p->m.class == CHECK_VIDEO && (p->m.type <= TYPE_MPEG2 ||
	    p->m.type == TYPE_H264 || p->m.type == TYPE_HEVC);
	e->flagged = p->random_access;
	e->due = stamped;
	if (!e->in_sync)
		e->nframe = e->frame_left = 0;
}

void
check_frame_bytes(struct check *c, struct check_pid *p, const uint8_t *data,
    size_t len)
{
	if (p->framing != FRAMING_NONE)
		audio_bytes(c, p, data, len);
	else if (p->es->seeking)
		video_bytes(p, data, len);
}

void
check_frame_lost(struct check_pid *p)
{
	struct check_es *e = p->es;

	e->in_sync = e->based = e->due = e->seeking = false;
	e->nframe = e->frame_left = 0;
}
