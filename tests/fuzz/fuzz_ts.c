/* A child's stream through the join and out again: whatever comes in, what
 * goes out is whole packets, continuous, and the same however it was cut. */

#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "ts/join.h"
#include "ts/mux.h"

#define PACKET	188
#define N0	INT64_C(44750000000)	/* at 25/s, a key frame in 2026 */
#define SLOTS	50

static struct grid grid;
static struct au *silence;

/* Airs what is there, as a channel would. */
static void
air(struct join *j, struct mux *m, struct buf *out)
{
	const struct au *sound[JOIN_AUDIO_MAX];
	struct au *picture, *audio[JOIN_AUDIO_MAX];
	int64_t n, cut = join_cut(j);

	need(cut <= N0 + SLOTS && join_head(j) >= N0);
	while ((n = join_head(j)) < N0 + SLOTS && join_has(j, n)) {
		size_t k = join_take(j, n, &picture, audio);

		need(picture != NULL && picture->len > 0);
		need(k == (size_t)(grid_audio(&grid, n + 1) -
		    grid_audio(&grid, n)));
		for (size_t i = 0; i < k; i++)
			sound[i] = audio[i] != NULL ? audio[i] : silence;
		mux_slot(m, n, picture, sound, k, out);
		free(picture);
		for (size_t i = 0; i < k; i++)
			free(audio[i]);
		need(join_head(j) > n);
	}
}

static void
play(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct join *j = join_new(&grid, N0, N0 + SLOTS);
	struct mux *m = mux_new(&grid, "Fuzz", "One");

	for (size_t at = 0; at < size; at += piece) {
		join_feed(j, data + at,
		    size - at < piece ? size - at : piece);
		air(j, m, out);
	}
	join_end(j);
	air(j, m, out);
	need(join_bytes(j) <= size + 65536);
	mux_free(m);
	join_free(j);
}

static void
check_out(const struct buf *out)
{
	int last[8192];

	memset(last, 0xff, sizeof last);
	need(out->len % PACKET == 0);
	for (size_t at = 0; at < out->len; at += PACKET) {
		const uint8_t *p = out->data + at;
		int pid = (p[1] & 0x1f) << 8 | p[2], cc = p[3] & 15;
		bool payload = (p[3] & 0x10) != 0;

		need(p[0] == 0x47 && (p[1] & 0x80) == 0);
		need(last[pid] < 0 ||
		    cc == ((last[pid] + payload) & 15));
		last[pid] = cc;
	}
}

static void
setup(void)
{
	uint8_t frame[9] = { 0xff, 0xf1, 0x4c, 0x80, 1, 0x3f, 0xfc };

	grid = grid_make((struct rate){ 25, 1 }, 48000, 1024);
	grid.codec = AFRAME_AAC;
	grid.channels = 2;
	silence = au_new(0, true, frame, sizeof frame);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = { 0 }, cut = { 0 };

	if (silence == NULL)
		setup();
	if (size < 2)
		return 0;
	play(data + 1, size - 1, size, &whole);
	play(data + 1, size - 1, data[0] + 1u, &cut);
	check_out(&whole);
	need(whole.len == cut.len);
	need(whole.len == 0 || memcmp(whole.data, cut.data, cut.len) == 0);
	buf_fini(&whole);
	buf_fini(&cut);
	return 0;
}
