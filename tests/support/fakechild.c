#include "fakechild.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"

#define PACKET		188
#define HEADER		4
#define PID_PAT		0
#define PID_PMT		0x1000
#define PID_VIDEO	0x100
#define PID_AUDIO	0x101
#define TABLES_EVERY	40		/* access units */
#define TICKS		INT64_C(90000)
#define REORDER		2
#define SMALL_PICTURE	150		/* bytes: one packet */
#define SMALL_AUDIO	40
#define MP2_BYTES(rate)	((rate) / 8 * 1152 / 48000)
#define AC3_BYTES(rate)	((rate) / 8 * 1536 / 48000)

static const struct codec {
	const char *name;
	int64_t spf, priming;
	uint8_t stream_type, stream_id;
} codecs[] = {
	[FAKE_AAC] = { "aac", 1024, 1024, 0x0f, 0xc0 },
	[FAKE_AC3] = { "ac3", 1536, 256, 0x81, 0xbd },
	[FAKE_MP2] = { "mp2", 1152, 481, 0x03, 0xc0 },
};

struct fakechild {
	struct fakechild_plan plan;
	int64_t next;		/* picture, in decoding order */
	int64_t audio;		/* audio frame */
	int64_t naudio;
	int64_t base;		/* PTS of the first picture */
	int64_t pcr_jump;	/* ticks */
	uint8_t cc_pat, cc_pmt, cc_video, cc_audio;
	uint8_t *unit;		/* room for the access unit being made */
};

/* ---- what the command line says */

/* The argument after the last option of that name, or NULL. */
static const char *
option(char *const *argv, const char *name)
{
	const char *found = NULL;

	for (; argv[0] != NULL && argv[1] != NULL; argv++)
		if (strcmp(argv[0], name) == 0)
			found = argv[1];
	return found;
}

static int64_t
option_number(char *const *argv, const char *name, int64_t otherwise)
{
	const char *s = option(argv, name);

	return s != NULL ? strtoll(s, NULL, 10) : otherwise;
}

/* What follows `key` in whatever argument, last one first, or NULL. */
static const char *
filter(char *const *argv, const char *key)
{
	const char *found = NULL, *at;

	for (; *argv != NULL; argv++)
		for (at = *argv; (at = strstr(at, key)) != NULL;)
			found = at += strlen(key);
	return found;
}

static int64_t
filter_number(char *const *argv, const char *key, int64_t otherwise)
{
	const char *s = filter(argv, key);

	return s != NULL ? strtoll(s, NULL, 10) : otherwise;
}

static void
rate_parse(char *const *argv, struct fakechild_plan *p)
{
	const char *s = filter(argv, ",fps=");
	char *end;

	if (s == NULL)
		s = filter(argv, "fps=");
	if (s == NULL)
		s = filter(argv, ":r=");
	if (s == NULL)
		return;
	p->num = strtoll(s, &end, 10);
	p->den = *end == '/' ? strtoll(end + 1, NULL, 10) : 1;
}

static void
pictures_parse(char *const *argv, struct fakechild_plan *p)
{
	/* A picture's time stamp is its number in the asset; pad and cards
	 * only have an end. */
	int64_t end = filter_number(argv, ":end_pts=",
	    filter_number(argv, "trim=end_frame=", 0));
	const char *keys = filter(argv, "not(mod(n+");

	p->in = filter_number(argv, "trim=start_pts=", 0);
	p->pictures = end - p->in;
	p->gop = option_number(argv, "-g", 0);
	p->offset = keys != NULL ? strtoll(keys, NULL, 10) : 0;
	p->reorder = option_number(argv, "-bf", 0) != 0;
	p->video_bitrate = option_number(argv, "-b:v", 0);
}

static void
sound_parse(char *const *argv, struct fakechild_plan *p)
{
	const char *codec = option(argv, "-c:a");
	int64_t start = filter_number(argv, "atrim=start_sample=", 0);
	int64_t end = filter_number(argv, ":end_sample=",
	    filter_number(argv, "atrim=end_sample=", 0));

	p->codec = FAKE_AAC;
	for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++)
		if (codec != NULL && strcmp(codec, codecs[i].name) == 0)
			p->codec = (enum fakechild_codec)i;
	p->sample_rate = option_number(argv, "-ar", 48000);
	p->sample = start + filter_number(argv, "first_pts=", 0);
	p->samples = end - start;
	p->lag = filter_number(argv, "asetpts=N+", 0);
	p->audio_bitrate = option_number(argv, "-b:a", 0);
}

static void
path_parse(char *const *argv, struct fakechild_plan *p)
{
	for (; argv[0] != NULL && argv[1] != NULL; argv++)
		if (strcmp(argv[0], "-i") == 0 &&
		    strncmp(argv[1], "file:", 5) == 0) {
			p->path = argv[1] + 5;
			p->asset = fakechild_hash(p->path);
			return;
		}
}

const char *
fakechild_parse(char *const *argv, struct fakechild_plan *p)
{
	*p = (struct fakechild_plan){
		.picture_bytes = SMALL_PICTURE,
		.audio_bytes = SMALL_AUDIO,
	};
	path_parse(argv, p);
	rate_parse(argv, p);
	if (p->num <= 0 || p->den <= 0)
		return "no picture rate";
	pictures_parse(argv, p);
	if (p->pictures <= 0)
		return "no number of pictures";
	if (p->gop <= 0)
		return "no -g";
	sound_parse(argv, p);
	if (p->samples < 0 || p->sample_rate <= 0)
		return "no number of samples";
	if (p->codec == FAKE_MP2)
		p->audio_bytes = (size_t)MP2_BYTES(p->audio_bitrate);
	else if (p->codec == FAKE_AC3)
		p->audio_bytes = (size_t)AC3_BYTES(p->audio_bitrate);
	if (p->audio_bytes < SMALL_AUDIO)
		return "no -b:a";
	return NULL;
}

void
fakechild_full_size(struct fakechild_plan *p)
{
	int64_t picture = muldiv_floor(p->video_bitrate, p->den, 8 * p->num);
	int64_t sound = muldiv_floor(p->audio_bitrate, codecs[p->codec].spf,
	    8 * p->sample_rate);

	if (picture > SMALL_PICTURE)
		p->picture_bytes = (size_t)picture;
	if (sound > SMALL_AUDIO)
		p->audio_bytes = (size_t)sound;
}

/* FNV-1a. */
uint32_t
fakechild_hash(const char *path)
{
	uint32_t h = 2166136261u;

	for (; *path != '\0'; path++)
		h = (h ^ (uint8_t)*path) * 16777619u;
	return h != 0 ? h : 1;
}

/* ---- packets */

static uint32_t
crc32_mpeg(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffff;

	while (n-- > 0) {
		crc ^= (uint32_t)*p++ << 24;
		for (int i = 0; i < 8; i++)
			crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7u : 0);
	}
	return crc;
}

static uint8_t *
packet_begin(struct buf *out, unsigned pid, bool start, uint8_t *cc)
{
	uint8_t *p = buf_extend(out, PACKET);

	p[0] = 0x47;
	p[1] = (uint8_t)((start ? 0x40 : 0) | pid >> 8);
	p[2] = (uint8_t)pid;
	p[3] = (uint8_t)(0x10 | *cc);
	*cc = (*cc + 1) & 0xf;
	return p;
}

/* One section of n bytes before its CRC, at most one packet. */
static void
table_put(struct buf *out, unsigned pid, uint8_t *cc, uint8_t *section,
    size_t n)
{
	uint8_t *p = packet_begin(out, pid, true, cc);
	uint32_t crc = crc32_mpeg(section, n);

	p[4] = 0;
	memset(p + 5, 0xff, PACKET - 5);
	memcpy(p + 5, section, n);
	for (int i = 0; i < 4; i++)
		p[5 + n + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
}

static void
tables_put(struct fakechild *f, struct buf *out)
{
	uint8_t pat[] = { 0x00, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1,
	    0xe0 | PID_PMT >> 8, PID_PMT & 0xff };
	uint8_t pmt[] = { 0x02, 0xb0, 23, 0, 1, 0xc1, 0, 0,
	    0xe0 | PID_VIDEO >> 8, PID_VIDEO & 0xff, 0xf0, 0,
	    0x1b, 0xe0 | PID_VIDEO >> 8, PID_VIDEO & 0xff, 0xf0, 0,
	    codecs[f->plan.codec].stream_type,
	    0xe0 | PID_AUDIO >> 8, PID_AUDIO & 0xff, 0xf0, 0 };

	table_put(out, PID_PAT, &f->cc_pat, pat, sizeof pat);
	table_put(out, PID_PMT, &f->cc_pmt, pmt, sizeof pmt);
}

static void
stamp_put(uint8_t *p, unsigned mark, int64_t t)
{
	p[0] = (uint8_t)(mark << 4 | (unsigned)(t >> 29 & 0xe) | 1);
	p[1] = (uint8_t)(t >> 22);
	p[2] = (uint8_t)(t >> 14 | 1);
	p[3] = (uint8_t)(t >> 7);
	p[4] = (uint8_t)(t << 1 | 1);
}

/* A PES header at p; its length. */
static size_t
pes_header(uint8_t *p, uint8_t id, int64_t pts, int64_t dts, size_t body)
{
	size_t stamps = dts >= 0 && dts != pts ? 10 : 5;
	size_t length = 3 + stamps + body;

	memcpy(p, "\0\0\1", 3);
	p[3] = id;
	if (length > 0xffff)
		length = 0;
	p[4] = (uint8_t)(length >> 8);
	p[5] = (uint8_t)length;
	p[6] = 0x80;
	p[7] = stamps == 10 ? 0xc0 : 0x80;
	p[8] = (uint8_t)stamps;
	stamp_put(p + 9, stamps == 10 ? 3 : 2, pts);
	if (stamps == 10)
		stamp_put(p + 14, 1, dts);
	return 9 + stamps;
}

/* The adaptation field of a PES packet's first packet: its size with the
 * length byte. */
static size_t
adaptation_put(uint8_t *p, bool key, int64_t pcr)
{
	if (pcr < 0)
		return 0;
	p[3] |= 0x20;
	p[4] = 7;
	p[5] = key ? 0x50 : 0x10;
	p[6] = (uint8_t)(pcr >> 25);
	p[7] = (uint8_t)(pcr >> 17);
	p[8] = (uint8_t)(pcr >> 9);
	p[9] = (uint8_t)(pcr >> 1);
	p[10] = (uint8_t)(pcr << 7 | 0x7e);
	p[11] = 0;
	return 8;
}

/* Stuffing of so many bytes after an adaptation field of `size`. */
static void
stuff(uint8_t *p, size_t size, size_t n)
{
	p[3] |= 0x20;
	p[4] = (uint8_t)(size + n - 1);
	if (size == 0 && n > 1)
		p[5] = 0;
	if (size == 0)
		size = n > 1 ? 2 : 1;
	else
		n += size;
	if (n > size)
		memset(p + HEADER + size, 0xff, n - size);
}

static void
pes_put(struct buf *out, unsigned pid, uint8_t *cc, bool key, int64_t pcr,
    const uint8_t *pes, size_t len)
{
	for (bool first = true; len > 0; first = false) {
		uint8_t *p = packet_begin(out, pid, first, cc);
		size_t size = first ? adaptation_put(p, key, pcr) : 0;
		size_t room = PACKET - HEADER - size;
		size_t n = len < room ? len : room;

		if (n < room)
			stuff(p, size, room - n);
		memcpy(p + PACKET - n, pes, n);
		pes += n;
		len -= n;
	}
}

/* ---- access units */

static uint8_t *
septets_put(uint8_t *p, uint64_t v, int n)
{
	for (; n > 0; n--, v >>= 7)
		*p++ = (uint8_t)(0x80 | (v & 0x7f));
	return p;
}

static void
payload_put(const struct fakechild *f, uint8_t *p, int64_t position)
{
	memcpy(p, FAKE_MARK, FAKE_MARK_LEN);
	p = septets_put(p + FAKE_MARK_LEN, f->plan.asset, FAKE_ASSET_LEN);
	p = septets_put(p, (uint64_t)position, FAKE_POS_LEN);
	septets_put(p, f->plan.process, FAKE_PROC_LEN);
}

static int64_t
picture_ticks(const struct fakechild *f, int64_t i)
{
	return muldiv_round(i, f->plan.den * TICKS, f->plan.num);
}

/* The picture shown whose turn to be decoded is i: closed groups of
 * pyramids P B b b, what is left over in the order of display. */
static int64_t
picture_index(const struct fakechild *f, int64_t i)
{
	static const int64_t order[] = { 4, 2, 1, 3 };
	const struct fakechild_plan *p = &f->plan;
	int64_t into = mod_floor(i + p->offset, p->gop);
	int64_t key = i - into > 0 ? i - into : 0;
	int64_t end = i - into + p->gop;
	int64_t four;

	if (end > p->pictures)
		end = p->pictures;
	if (!p->reorder || i == key)
		return i;
	four = key + (i - key - 1) / 4 * 4;
	return four + 4 >= end ? i : four + order[(i - key - 1) % 4];
}

static void
picture_put(struct fakechild *f, struct buf *out)
{
	static const uint8_t delimiter[] = { 0, 0, 0, 1, 9, 0xf0 };
	int64_t i = f->next, shown = picture_index(f, i);
	bool key = i == 0 || mod_floor(i + f->plan.offset, f->plan.gop) == 0;
	int64_t pts = f->base + picture_ticks(f, shown);
	int64_t dts = f->base +
	    picture_ticks(f, f->plan.reorder ? i - REORDER : i);
	size_t n = pes_header(f->unit, 0xe0, pts, dts, f->plan.picture_bytes);
	uint8_t *p = f->unit + n;

	memset(p, 0xaa, f->plan.picture_bytes);
	memcpy(p, delimiter, sizeof delimiter);
	memcpy(p + 6, key ? "\0\0\0\1\x65" : "\0\0\0\1\x41", 5);
	payload_put(f, p + 11, f->plan.in + shown);
	pes_put(out, PID_VIDEO, &f->cc_video, key, dts + f->pcr_jump, f->unit,
	    n + f->plan.picture_bytes);
}

static int64_t
audio_pts(const struct fakechild *f, int64_t i)
{
	const struct codec *c = &codecs[f->plan.codec];

	return f->base + muldiv_round(f->plan.lag - c->priming + i * c->spf,
	    TICKS, f->plan.sample_rate);
}

/* The frame's own header: ADTS (13818-7 6.2), AC-3 syncinfo (ATSC A/52
 * 5.3.1), MPEG audio layer II (11172-3 2.4.1.3). */
static void
audio_header(const struct fakechild *f, uint8_t *p)
{
	size_t n = f->plan.audio_bytes;
	static const int mp2_kbps[] = { 0, 32, 48, 56, 64, 80, 96, 112, 128,
	    160, 192, 224, 256, 320, 384 };
	static const int ac3_kbps[] = { 32, 40, 48, 56, 64, 80, 96, 112, 128,
	    160, 192, 224, 256, 320, 384, 448, 512, 576, 640 };
	uint8_t i = 0;

	switch (f->plan.codec) {
	case FAKE_AAC:
		memcpy(p, "\xff\xf1\x4c\x80\0\x1f\xfc", 7);
		p[3] |= (uint8_t)(n >> 11);
		p[4] = (uint8_t)(n >> 3);
		p[5] |= (uint8_t)(n << 5);
		break;
	case FAKE_AC3:
		while (i < 18 && ac3_kbps[i] * 1000 < f->plan.audio_bitrate)
			i++;
		memcpy(p, "\x0b\x77\xaa\xaa\0\x40\x43", 7);
		p[4] = (uint8_t)(2 * i);
		break;
	case FAKE_MP2:
		while (i < 14 && mp2_kbps[i] * 1000 < f->plan.audio_bitrate)
			i++;
		memcpy(p, "\xff\xfd\x04\x04", 4);
		p[2] = (uint8_t)(i << 4 | 4);
		break;
	}
}

static void
audio_put(struct fakechild *f, struct buf *out)
{
	const struct codec *c = &codecs[f->plan.codec];
	int64_t at = f->plan.sample - c->priming + f->audio * c->spf;
	size_t n = pes_header(f->unit, c->stream_id, audio_pts(f, f->audio),
	    -1, f->plan.audio_bytes);
	uint8_t *p = f->unit + n;

	memset(p, 0xbb, f->plan.audio_bytes);
	audio_header(f, p);
	payload_put(f, p + 7, at + FAKE_SAMPLE_BIAS);
	pes_put(out, PID_AUDIO, &f->cc_audio, false, -1, f->unit,
	    n + f->plan.audio_bytes);
	f->audio++;
}

struct fakechild *
fakechild_new(const struct fakechild_plan *p)
{
	struct fakechild *f = xcalloc(1, sizeof *f);
	const struct codec *c = &codecs[p->codec];
	size_t most = p->picture_bytes > p->audio_bytes ? p->picture_bytes :
	    p->audio_bytes;

	f->plan = *p;
	f->naudio = (p->samples + c->priming + c->spf - 1) / c->spf;
	/* As ffmpeg does: the earliest stamp of all becomes about 0. */
	f->base = TICKS / 10 + picture_ticks(f, REORDER);
	f->unit = xmalloc(most + 64);
	return f;
}

void
fakechild_free(struct fakechild *f)
{
	if (f == NULL)
		return;
	free(f->unit);
	free(f);
}

bool
fakechild_next(struct fakechild *f, struct buf *out)
{
	bool more = f->next < f->plan.pictures;
	int64_t dts = f->base + picture_ticks(f, f->next - REORDER);

	while ((f->audio < f->naudio || f->plan.pictures == INT64_MAX) &&
	    (!more || audio_pts(f, f->audio) <= dts))
		audio_put(f, out);
	if (!more)
		return false;
	if (f->next % TABLES_EVERY == 0)
		tables_put(f, out);
	picture_put(f, out);
	f->next++;
	return true;
}

int64_t
fakechild_count(const struct fakechild *f)
{
	return f->next;
}

void
fakechild_skip_cc(struct fakechild *f)
{
	f->cc_video = (f->cc_video + 1) & 0xf;
}

void
fakechild_jump_pcr(struct fakechild *f, int64_t seconds)
{
	f->pcr_jump += seconds * TICKS;
}
