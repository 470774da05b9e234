/* bench_join.c - how fast children's streams become a channel's, on one core:
 * what comes is taken apart, put into its slots and written with new PIDs,
 * counters, time stamps, tables and PCR.
 *
 * First children of a minute, as bytes per second; then children of eight
 * pictures, as joins per second.  25 pictures a second, 4 Mb/s, AAC. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arith.h"
#include "base/buf.h"
#include "fakechild.h"
#include "ts/join.h"
#include "ts/mux.h"

#define FPS		25
#define GOP		(2 * FPS)
#define KBIT		4000
#define AUDIO_BYTES	400		/* of a frame */
#define PICTURE_BYTES	(KBIT * 1000 / 8 / FPS - AUDIO_BYTES * 47 / FPS)
#define SAMPLES		(48000 / FPS)	/* to a picture */
#define READ_BYTES	65536		/* as from a pipe */
#define LONG		(60 * FPS)	/* pictures; both are whole numbers */
#define SHORT		8		/* ... of audio frames */
#define RUN_S		2.0

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* All that a child of so many pictures sends. */
static void
child_write(int64_t pictures, struct buf *out)
{
	const struct fakechild_plan p = {
		.num = FPS, .den = 1, .pictures = pictures, .gop = GOP,
		.reorder = true, .codec = FAKE_AAC, .sample_rate = 48000,
		.samples = pictures * SAMPLES,
		.picture_bytes = PICTURE_BYTES, .audio_bytes = AUDIO_BYTES,
	};
	struct fakechild *f = fakechild_new(&p);

	while (fakechild_next(f, out))
		;
	fakechild_free(f);
}

/* Write the slots that are whole; the number of the next. */
static int64_t
slots_write(struct join *j, struct mux *m, int64_t n, struct buf *out)
{
	struct au *picture, *audio[JOIN_AUDIO_MAX];

	for (; join_has(j, n); n++) {
		size_t naudio = join_take(j, n, &picture, audio);

		buf_reset(out);
		mux_slot(m, n, picture, (const struct au *const *)audio,
		    naudio, out);
		free(picture);
		for (size_t i = 0; i < naudio; i++)
			free(audio[i]);
	}
	return n;
}

/* One child, from its first byte to its last slot. */
static void
join_one(const struct grid *g, struct mux *m, const struct buf *child,
    int64_t n0, int64_t pictures, struct buf *out)
{
	struct join *j = join_new(g, n0, n0 + pictures);
	int64_t n = n0;

	for (size_t i = 0; i < child->len; i += READ_BYTES) {
		size_t left = child->len - i;

		join_feed(j, child->data + i,
		    left < READ_BYTES ? left : READ_BYTES);
		n = slots_write(j, m, n, out);
	}
	join_end(j);
	n = slots_write(j, m, n, out);
	if (n != n0 + pictures || join_broken(j) != NULL) {
		fprintf(stderr, "bench_join: slot %jd: %s\n", (intmax_t)n,
		    join_broken(j) != NULL ? join_broken(j) : "missing");
		exit(1);
	}
	join_free(j);
}

/* Children of so many pictures for RUN_S: how many, and in what time. */
static double
run(int64_t pictures, long *joins, size_t *bytes)
{
	struct rate rate = { FPS, 1 };
	struct grid g = grid_make(rate, 48000, 1024);
	struct mux *m = mux_new(&g, "bench", "join");
	struct buf child = { 0 }, out = { 0 };
	double start, t;
	int64_t n0 = 0;

	child_write(pictures, &child);
	start = now();
	for (*joins = 0; (t = now() - start) < RUN_S; ++*joins) {
		join_one(&g, m, &child, n0, pictures, &out);
		n0 += pictures;
	}
	*bytes = child.len * (size_t)*joins;
	buf_fini(&child);
	buf_fini(&out);
	mux_free(m);
	return t;
}

int
main(void)
{
	size_t bytes;
	long joins;
	double t;

	t = run(LONG, &joins, &bytes);
	printf("{\"gb_per_s\": %.3f, ", (double)bytes / t / 1e9);
	t = run(SHORT, &joins, &bytes);
	printf("\"joins_per_s\": %.0f}\n", (double)joins / t);
	return 0;
}
