/* test_splice.c - from one place of a stream to another. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "packets.h"
#include "synth.h"
#include "ts/eit.h"
#include "ts/splice.h"

#define N0	INT64_C(44750000000)	/* at 25/s in 2026: NIT and TDT, too */
#define CUT	(N0 + 333)
#define GO_ON	(N0 + 650)
#define END	(N0 + 1000)

static const struct rate pal = { 25, 1 };

/* What a viewer gets who is cut off in the middle and goes on later. */
static void
watch(struct buf *got, bool spliced)
{
	struct grid g = grid_make(pal, 48000, 1024);
	struct mux *m = mux_new(&g, "Retrovue", "One");
	struct buf event = { 0 }, unseen = { 0 };
	struct splice s;

	eit_event_put(&event, &(struct eit_event){ .title = "Fog" });
	mux_events(m, N0, END, 0, &event, &event);
	for (int64_t n = N0; n < END; n++) {
		if (n == GO_ON) {
			s = mux_splice(m, n);
			got->len -= 7 * PACKET;
			if (spliced)
				splice_put(got, &s);
		}
		synth_slot(m, &g, N0, END, n, n < CUT || n >= GO_ON ? got :
		    &unseen);
	}
	mux_free(m);
	buf_fini(&event);
	buf_fini(&unseen);
}

static void
assert_complaints(bool spliced, bool cc, bool pcr, uint64_t flags)
{
	struct check *k = check_new();
	const struct check_report *r;
	struct buf got = { 0 };

	watch(&got, spliced);
	check_feed(k, got.data, got.len, -1);
	r = check_end(k);
	assert_int_equal(complaints(r, CHECK_CC) > 0, cc);
	assert_int_equal(complaints(r, CHECK_PCR_DISCONTINUITY) > 0, pcr);
	assert_int_equal(complaints(r, CHECK_DISCONTINUITY), flags);
	assert_int_equal(complaints(r, CHECK_PACKET), 0);
	assert_int_equal(complaints(r, CHECK_CRC), 0);
	check_free(k);
	buf_fini(&got);
}

static void
a_receiver_is_told_on_every_pid(void **state)
{
	(void)state;
	assert_complaints(false, true, true, 0);
	assert_complaints(true, false, false, SPLICE_NPIDS);
}

static void
it_is_as_long_as_it_says(void **state)
{
	const struct splice s = { .pcr = 0 };
	struct buf b = { 0 };

	(void)state;
	splice_put(&b, &s);
	assert_int_equal(b.len, SPLICE_BYTES);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receiver_is_told_on_every_pid),
		cmocka_unit_test(it_is_as_long_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
