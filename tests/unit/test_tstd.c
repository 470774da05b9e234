/* test_tstd.c - a decoder's transport buffers, 512 bytes a stream, as the
 * System Target Decoder fills and empties them (ISO/IEC 13818-1 2.4.2.4): a
 * byte comes when the PCRs around it say, and leaves at a rate that the level
 * fixes for pictures and the standard for sound. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "packets.h"
#include "synth.h"

#define BUFFER	512
#define N0	INT64_C(44750000000)
#define SLOTS	300
#define RX_SOUND	2000000

static struct grid g;
static struct buf b;

/* A format's rate, sound and level, and pictures that it can just take. */
struct house {
	struct rate rate;
	enum aframe_codec codec;
	int64_t spf;
	size_t sound;		/* bytes of a frame */
	int64_t rx;		/* of pictures, bits a second */
};

/* The first packet with a PCR at or after byte i; b.len: none. */
static size_t
clocked(size_t i)
{
	while (i < b.len && pcr_of(b.data + i) < 0)
		i += PACKET;
	return i;
}

struct buffer {
	int pid;
	double rx;		/* bytes a second */
	double level, most;
	double at;		/* seconds: when it was so full */
};

static void
buffer_take(struct buffer *f, double at)
{
	double left = f->level - (at - f->at) * f->rx;

	f->level = (left > 0 ? left : 0) + PACKET;
	f->most = f->level > f->most ? f->level : f->most;
	f->at = at;
}

/* The most that is ever in it. */
static double
most_in(struct buffer f)
{
	size_t from = clocked(0), to;

	for (; (to = clocked(from + PACKET)) < b.len; from = to) {
		double t = (double)pcr_of(b.data + from) / PCR_HZ;
		double dt = (double)pcr_of(b.data + to) / PCR_HZ - t;

		for (size_t i = from; i < to; i += PACKET)
			if (pid_of(b.data + i) == f.pid)
				buffer_take(&f, t + dt * (double)(i - from) /
				    (double)(to - from));
	}
	return f.most;
}

/* A key frame that is as large as a slot can carry at that rate, less the
 * sound's part; the others of all sizes. */
static size_t
picture_size(const struct house *h, int64_t n)
{
	size_t key = (size_t)(h->rx / 8 * h->rate.den / h->rate.num) * 9 / 10;

	return mod_floor(n, g.gop) == 0 ? key :
	    (size_t)((n - N0) * (n - N0) % 17) * key / 40 + 30;
}

static void
slot(struct mux *m, const struct house *h, int64_t n)
{
	static uint8_t body[1 << 20];
	struct au *u = au_new(n, mod_floor(n, g.gop) == 0, body,
	    picture_size(h, n));
	struct au *sound = au_new(0, true, body, h->sound);
	const struct au *audio[JOIN_AUDIO_MAX];
	size_t count = (size_t)(grid_audio(&g, n + 1) - grid_audio(&g, n));

	for (size_t i = 0; i < count; i++)
		audio[i] = sound;
	mux_slot(m, n, u, audio, count, &b);
	free(sound);
	free(u);
}

static void
no_transport_buffer_runs_over(void **state)
{
	static const struct house houses[] = {
		/* Level 3: 1.2 x 10 Mb/s. */
		{ { 25, 1 }, AFRAME_AAC, 1024, 683, 12000000 },
		{ { 25, 1 }, AFRAME_AC3, 1536, 1792, 12000000 },
		{ { 30000, 1001 }, AFRAME_AAC, 1024, 683, 12000000 },
		/* Level 4: 20 Mb/s. */
		{ { 24000, 1001 }, AFRAME_AC3, 1536, 1792, 24000000 },
		{ { 24, 1 }, AFRAME_MP2, 1152, 1152, 24000000 },
		{ { 50, 1 }, AFRAME_AC3, 1536, 1792, 24000000 },
		{ { 60000, 1001 }, AFRAME_AAC, 1024, 683, 24000000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof houses / sizeof houses[0]; i++) {
		const struct house *h = &houses[i];
		struct mux *m;

		g = grid_make(h->rate, 48000, h->spf);
		g.codec = h->codec;
		m = mux_new(&g, "Retrovue", "One");
		buf_reset(&b);
		for (int64_t n = N0; n < N0 + SLOTS; n++)
			slot(m, h, n);
		mux_free(m);
		assert_true(most_in((struct buffer){ .pid = MUX_PID_VIDEO,
		    .rx = (double)h->rx / 8 }) <= BUFFER);
		assert_true(most_in((struct buffer){ .pid = MUX_PID_AUDIO,
		    .rx = RX_SOUND / 8 }) <= BUFFER);
	}
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_transport_buffer_runs_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
