/* synth.h - a child without ffmpeg: its transport stream, made of pictures
 * and audio frames that only say which ones they are. */

#ifndef SYNTH_H
#define SYNTH_H

#include <stdlib.h>
#include <string.h>

#include "air/pad.h"
#include "base/buf.h"
#include "ts/join.h"
#include "ts/mux.h"

#define SYNTH_NUMBER	6	/* where a unit's number stands: 9 bytes */
#define SYNTH_PICTURE	400	/* bytes, three packets */
#define SYNTH_AUDIO	60	/* AAC; the others' headers fix theirs: */
#define SYNTH_AC3	128	/* 32 kbit/s */
#define SYNTH_MP2	96	/* 32 kbit/s, mono; twice that stereo */
#define SYNTH_SOUND_MAX	192

/* Bytes of seven bits with the top one set: no start code among them. */
static inline void
synth_number_put(uint8_t *p, int64_t n)
{
	for (int i = 0; i < 9; i++)
		p[i] = (uint8_t)(0x80 | ((uint64_t)n >> 7 * i & 0x7f));
}

static inline int64_t
synth_number(const struct au *u)
{
	uint64_t n = 0;

	for (int i = 0; i < 9; i++)
		n |= (uint64_t)(u->data[SYNTH_NUMBER + 1 + i] & 0x7f) << 7 * i;
	return (int64_t)n;
}

static inline struct au *
synth_picture(int64_t index, bool key)
{
	uint8_t data[SYNTH_PICTURE];

	memset(data, 0xaa, sizeof data);
	memcpy(data, key ? "\0\0\0\1\x65" : "\0\0\0\1\x41", 5);
	synth_number_put(data + SYNTH_NUMBER + 1, index);
	return au_new(index, key, data, sizeof data);
}

/* The header of a frame of so many channels (0: two); the frame's length. */
static inline size_t
synth_header_put(uint8_t *p, enum aframe_codec codec, int channels)
{
	bool mono = channels == 1, surround = channels == 6;

	switch (codec) {
	case AFRAME_AC3:
		memcpy(p, "\x0b\x77\0\0\0\x40", 6);
		p[6] = mono ? 0x20 : surround ? 0xe1 : 0x40;
		return SYNTH_AC3;
	case AFRAME_MP2:
		memcpy(p, "\xff\xfd", 2);
		p[2] = mono ? 0x14 : 0x44;
		p[3] = mono ? 0xc0 : 0x00;
		return mono ? SYNTH_MP2 : 2 * SYNTH_MP2;
	case AFRAME_AAC:
	case AFRAME_NCODECS:
		break;
	}
	memcpy(p, "\xff\xf1", 2);
	p[2] = surround ? 0x4d : 0x4c;
	p[3] = mono ? 0x40 : 0x80;
	p[4] = SYNTH_AUDIO >> 3;
	p[5] = (SYNTH_AUDIO & 7) << 5 | 0x1f;
	p[6] = 0xfc;
	return SYNTH_AUDIO;
}

static inline struct au *
synth_sound(const struct grid *g, int64_t m)
{
	uint8_t data[SYNTH_SOUND_MAX];
	size_t len;

	memset(data, 0xbb, sizeof data);
	len = synth_header_put(data, g->codec, g->channels);
	synth_number_put(data + SYNTH_NUMBER + 1, m);
	return au_new(m, true, data, len);
}

/* AAC, stereo. */
static inline struct au *
synth_audio(int64_t m)
{
	struct grid g = grid_make((struct rate){ 25, 1 }, 48000, 1024);

	return synth_sound(&g, m);
}

/* The picture that a child playing [n0, n1) has in slot n: closed groups,
 * pyramids of three B pictures, what is left over in display order. */
static inline int64_t
synth_index(const struct grid *g, int64_t n0, int64_t n1, int64_t n)
{
	static const int64_t order[] = { 4, 2, 1, 3 };
	int64_t group = div_floor(n, g->gop) * g->gop;
	int64_t key = group > n0 ? group : n0;
	int64_t end = group + g->gop < n1 ? group + g->gop : n1;
	int64_t four = key + (n - key - 1) / 4 * 4;

	if (g->reorder == 0 || n == key || four + 4 >= end)
		return n;
	return four + order[(n - key - 1) % 4];
}

static inline void
synth_slot(struct mux *m, const struct grid *g, int64_t n0, int64_t n1,
    int64_t n, struct buf *out)
{
	struct au *audio[JOIN_AUDIO_MAX];
	struct au *u = synth_picture(synth_index(g, n0, n1, n),
	    n == n0 || mod_floor(n, g->gop) == 0);
	int64_t a = grid_audio(g, n);
	size_t count = (size_t)(grid_audio(g, n + 1) - a);

	for (size_t i = 0; i < count; i++)
		audio[i] = synth_sound(g, a + (int64_t)i);
	mux_slot(m, n, u, (const struct au *const *)audio, count, out);
	for (size_t i = 0; i < count; i++)
		free(audio[i]);
	free(u);
}

/* All that a child ordered for [n0, n1) sends up to slot `until`. */
static inline void
synth_run(const struct grid *g, int64_t n0, int64_t n1, int64_t until,
    struct buf *out)
{
	struct mux *m = mux_new(g, "synth", "child");

	for (int64_t n = n0; n < until; n++)
		synth_slot(m, g, n0, n1, n, out);
	mux_free(m);
}

/* A channel's pad, of two groups of pictures. */
static inline struct pad *
synth_pad(const struct grid *g)
{
	struct grid flat = *g;
	struct buf b = { 0 };
	const char *why;
	struct pad *p;

	flat.reorder = 0;
	synth_run(&flat, 0, 2 * g->gop, 2 * g->gop, &b);
	p = pad_new(g, b.data, b.len, &why);
	buf_fini(&b);
	return p;
}

#endif
