/* The relay, over real sockets: everything twice, with a file and sendfile
 * and with a mapping and send. */

#include "rig.h"

#define MIB		(UINT64_C(1) << 20)
#define PIECE		330	/* packets: over 60 KiB */
#define MANY		400	/* with both ends under 1,024 descriptors */
#define STUCK		200
#define SLOW		200
#define HEALTHY		20

/* Whether this round is with sendfile. */
static bool
is_file(void **state)
{
	return *state != NULL;
}

static void
the_first_bytes_are_the_head_and_a_key_frame_as_old_as_the_backlog(
    void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	for (int64_t s = 0; s < 10; s += 2) {
		rig_mark(&g, s);
		rig_feed(&g, 10);
	}
	p = rig_join(&g, 3, 0);		/* newest: 8, so 4 it is */
	assert_int_equal(g.told, 1);
	peer_expect_head(&g, &p);
	peer_expect(&g, &p, 20, 50);
	peer_expect_nothing(&g, &p);
	peer_close(&p);
	rig_fini(&g);
}

static void
who_comes_before_the_stream_begins_with_its_first_key_frame(void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	p = rig_join(&g, 5, 0);
	peer_expect_head(&g, &p);
	rig_feed(&g, 3);
	rig_flush(&g, 0);
	peer_expect_nothing(&g, &p);
	rig_mark(&g, 0);
	rig_feed(&g, 3);
	rig_flush(&g, 0);
	peer_expect(&g, &p, 3, 6);
	peer_close(&p);
	rig_fini(&g);
}

static void
a_viewer_is_sent_to_after_coalesce_ms_or_when_a_piece_waits(void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 0);
	rig_flush(&g, 100);
	rig_feed(&g, 5);
	rig_flush(&g, 99);
	peer_expect_head(&g, &p);
	peer_expect_nothing(&g, &p);
	rig_flush(&g, 100);
	peer_expect(&g, &p, 0, 5);
	rig_feed(&g, PIECE);
	rig_flush(&g, 0);
	peer_expect(&g, &p, 5, 300);
	peer_close(&p);
	rig_fini(&g);
}

static void
with_coalesce_ms_of_0_all_leaves_at_once(void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 0);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 0);
	for (int i = 0; i < 3; i++) {
		rig_feed(&g, i == 1 ? PIECE : 1);
		rig_flush(&g, 0);
	}
	peer_expect_head(&g, &p);
	peer_expect(&g, &p, 0, PIECE + 2);
	peer_close(&p);
	rig_fini(&g);
}

/* One call for what has come for each of them in 100 ms, and in the order in
 * which they were last sent to. */
static void
a_flush_costs_each_viewer_one_call(void **state)
{
	struct peer p[10];
	struct rig g;
	uint64_t before;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	for (size_t i = 0; i < 10; i++)
		p[i] = rig_join(&g, 0, 0);
	before = relay_counts(g.relay).sends;
	rig_feed(&g, 100);
	rig_flush(&g, 100);
	assert_int_equal(relay_counts(g.relay).sends, before + 10);
	rig_flush(&g, 199);
	assert_int_equal(relay_counts(g.relay).sends, before + 10);
	for (size_t i = 0; i < 10; i++) {
		peer_expect_head(&g, &p[i]);
		peer_expect(&g, &p[i], 0, 100);
		peer_close(&p[i]);
	}
	rig_fini(&g);
}

static void
a_full_socket_keeps_its_place_and_costs_nothing_until_it_can_be_written(
    void **state)
{
	struct rig g;
	struct peer p;
	uint64_t sends;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 16384);
	rig_feed(&g, 20000);
	rig_flush(&g, 100);
	rig_turn(&g);
	sends = relay_counts(g.relay).sends;
	for (int i = 0; i < 100; i++) {
		rig_flush(&g, 200);
		rig_turn(&g);
	}
	assert_int_equal(relay_counts(g.relay).sends, sends);
	g.flushing = true;
	peer_expect_head(&g, &p);
	peer_expect(&g, &p, 0, 20000);
	peer_close(&p);
	rig_fini(&g);
}

static void
peers_join(struct rig *g, struct peer *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = rig_join(g, 0, 0);
}

static void
peers_close(struct peer *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		peer_close(&p[i]);
}

/* Marks 70 s apart make what lies before the last one void. */
static void
feed_minutes(struct rig *g, int64_t from, int64_t to)
{
	for (int64_t minute = from; minute < to; minute++) {
		rig_mark(g, minute * 70);
		rig_feed(g, MIB / PACKET);
		rig_flush(g, 100);
		rig_turn(g);
	}
}

static void
bytes_queued_in_a_socket_arrive_intact_though_their_range_is_given_back(
    void **state)
{
	uint64_t last = 0, jumps = 0;
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 0);
	feed_minutes(&g, 0, 12);	/* he does not read */
	assert_true(relay_counts(g.relay).bytes > 200 * 1024);
	assert_true(relay_counts(g.relay).bytes < 4 * MIB);
	assert_true(relay_counts(g.relay).laps > 0);
	g.flushing = true;
	peer_expect_head(&g, &p);
	assert_int_equal(peer_next(&g, &p), 0);
	while (last != g.packets - 1) {
		bool led = peer_is_led(&g, &p);
		uint64_t n;

		if (led)
			peer_expect_splice(&g, &p);
		n = peer_next(&g, &p);
		assert_int_equal(led, n != last + 1);
		if (led) {
			/* On, at the newest key frame of then. */
			assert_int_equal(n % (MIB / PACKET), 0);
			jumps++;
		}
		last = n;
	}
	assert_int_equal(jumps, 1);
	peer_expect_nothing(&g, &p);
	peer_close(&p);
	rig_fini(&g);
}

/* Some 100 MB, which take more than the 5 ms of one flush. */
static void
what_one_flush_leaves_is_sent_as_the_loop_goes_round(void **state)
{
	struct peer p[MANY];
	struct rig g;
	uint64_t sends;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	peers_join(&g, p, MANY);
	rig_feed(&g, 2 * MIB / PACKET);
	rig_flush(&g, 100);
	sends = relay_counts(g.relay).sends;
	rig_turn(&g);
	assert_true(relay_counts(g.relay).sends > sends);
	for (size_t i = 0; i < MANY; i++) {
		peer_expect_head(&g, &p[i]);
		peer_expect(&g, &p[i], 0, 1);
	}
	peers_close(p, MANY);
	rig_fini(&g);
}

/* Who is slow takes a packet a minute. */
static void
those_who_do_not_read_take_nothing_from_those_who_do(void **state)
{
	struct peer stuck[STUCK], slow[SLOW], p[HEALTHY];
	uint8_t sip[PACKET];
	struct rig g;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	peers_join(&g, stuck, STUCK);
	peers_join(&g, slow, SLOW);
	peers_join(&g, p, HEALTHY);
	for (size_t i = 0; i < HEALTHY; i++)
		peer_expect_head(&g, &p[i]);
	g.flushing = true;
	for (int64_t minute = 0; minute < 5; minute++) {
		feed_minutes(&g, minute, minute + 1);
		for (size_t i = 0; i < SLOW; i++)
			assert_true(read(slow[i].fd, sip, sizeof sip) > 0);
		for (size_t i = 0; i < HEALTHY; i++)
			peer_expect(&g, &p[i], g.packets - MIB / PACKET,
			    g.packets);
	}
	assert_int_equal(g.told, STUCK + SLOW + HEALTHY);
	peers_close(p, HEALTHY);
	peers_close(slow, SLOW);
	peers_close(stuck, STUCK);
	rig_fini(&g);
}

static void
who_takes_nothing_for_as_long_as_may_be_is_dropped_and_nobody_else(void **state)
{
	struct peer stuck, p;
	struct rig g;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	stuck = rig_join(&g, 0, 0);
	p = rig_join(&g, 0, 0);
	rig_feed(&g, 20000);
	g.flushing = true;
	peer_expect_head(&g, &p);
	peer_expect(&g, &p, 0, 20000);
	rig_flush(&g, 9000);
	assert_int_equal(g.told, 2);
	rig_flush(&g, 11000);
	assert_int_equal(g.told, 1);
	rig_flush(&g, 90000);		/* there is nothing he could take */
	assert_int_equal(g.told, 1);
	peer_close(&p);
	peer_close(&stuck);
	rig_fini(&g);
}

static void
who_hangs_up_is_dropped_and_what_he_says_before_is_nothing(void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 0);
	assert_int_equal(send(p.fd, "hello", 5, 0), 5);
	peer_expect_head(&g, &p);
	assert_int_equal(g.told, 1);
	peer_close(&p);
	rig_await_told(&g, 0);
	rig_fini(&g);
}

/* The channel stops and starts again: what was begun of a packet is ended. */
static void
after_a_reset_a_viewer_goes_on_at_the_next_key_frame(void **state)
{
	struct rig g;
	struct peer p;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	p = rig_join(&g, 0, 0);
	rig_feed(&g, 500);
	rig_flush(&g, 0);		/* a piece, which ends within a packet */
	relay_reset(g.relay);
	rig_feed(&g, 50);
	rig_mark(&g, 0);
	rig_feed(&g, 50);
	rig_flush(&g, 100);
	peer_expect_head(&g, &p);
	peer_expect(&g, &p, 0, 61440 / PACKET + 1);
	peer_expect(&g, &p, 550, 600);
	peer_expect_nothing(&g, &p);
	peer_close(&p);
	rig_fini(&g);
}

static void
a_range_is_sent_until_its_first_byte_has_left_the_ring(void **state)
{
	uint64_t pos = PACKET;
	uint8_t got[2 * PACKET];
	struct rig g;
	int pair[2];

	rig_init(&g, is_file(state), 100);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	rig_mark(&g, 0);
	rig_feed(&g, 4);
	assert_int_equal(relay_send(g.relay, pair[0], &pos, 3 * PACKET),
	    2 * PACKET);
	assert_int_equal(pos, 3 * PACKET);
	assert_int_equal(read(pair[1], got, sizeof got), sizeof got);
	assert_int_equal(packet_number(got), 1);
	assert_int_equal(packet_number(got + PACKET), 2);
	feed_minutes(&g, 1, 4);
	assert_int_equal(relay_send(g.relay, pair[0], &pos, 4 * PACKET),
	    -ESTALE);
	close(pair[0]);
	close(pair[1]);
	rig_fini(&g);
}

static void
note_peer(void *ctx, const struct relay_viewer *v)
{
	size_t *n = ctx;

	assert_string_equal(v->peer, "127.0.0.1:1");
	assert_int_equal(v->bytes, HEAD_LEN);
	assert_int_equal(v->behind, 0);
	++*n;
}

static void
all_are_listed_and_all_are_closed(void **state)
{
	struct peer p[3];
	struct rig g;
	size_t n = 0;
	char byte;

	rig_init(&g, is_file(state), 100);
	for (size_t i = 0; i < 3; i++)
		p[i] = rig_join(&g, 0, 0);
	relay_list(g.relay, note_peer, &n);
	assert_int_equal(n, 3);
	relay_close_viewers(g.relay);
	assert_int_equal(g.told, 0);
	rig_turn(&g);
	for (size_t i = 0; i < 3; i++) {
		peer_expect_head(&g, &p[i]);
		assert_int_equal(recv(p[i].fd, &byte, 1, 0), 0);
		peer_close(&p[i]);
	}
	rig_fini(&g);
}

static void
note_agent(void *ctx, const struct relay_viewer *v)
{
	*(size_t *)ctx = strlen(v->agent);
}

/* It is kept for as long as he watches. */
static void
of_what_a_viewer_says_he_is_little_is_kept(void **state)
{
	char agent[4000] = { 0 };
	struct rig g;
	size_t len = 0;
	int pair[2];

	rig_init(&g, is_file(state), 100);
	memset(agent, 'a', sizeof agent - 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    pair), 0);
	relay_viewer_add(g.relay, pair[0], HEAD, HEAD_LEN, 0, "uid 1", agent);
	relay_list(g.relay, note_agent, &len);
	assert_int_equal(len, 256);
	close(pair[1]);
	rig_fini(&g);
}

static void
the_one_that_is_kicked_goes_and_nobody_else(void **state)
{
	struct peer full, even;
	struct rig g;

	rig_init(&g, is_file(state), 100);
	rig_mark(&g, 0);
	full = rig_join(&g, 0, 0);
	even = rig_join(&g, 0, 0);
	rig_feed(&g, 20000);
	g.flushing = true;
	peer_expect_head(&g, &even);
	peer_expect(&g, &even, 0, 20000);
	assert_false(relay_kick(g.relay, 77));
	assert_true(relay_kick(g.relay, 1));
	assert_int_equal(g.told, 1);
	assert_false(relay_kick(g.relay, 1));
	rig_feed(&g, 10);
	peer_expect(&g, &even, 20000, 20010);
	peer_close(&full);
	peer_close(&even);
	rig_fini(&g);
}

#define TESTS(X)							\
	X(the_first_bytes_are_the_head_and_a_key_frame_as_old_as_the_backlog) \
	X(who_comes_before_the_stream_begins_with_its_first_key_frame)	\
	X(a_viewer_is_sent_to_after_coalesce_ms_or_when_a_piece_waits)	\
	X(with_coalesce_ms_of_0_all_leaves_at_once)			\
	X(a_flush_costs_each_viewer_one_call)				\
	X(a_full_socket_keeps_its_place_and_costs_nothing_until_it_can_be_written) \
	X(bytes_queued_in_a_socket_arrive_intact_though_their_range_is_given_back) \
	X(what_one_flush_leaves_is_sent_as_the_loop_goes_round)		\
	X(those_who_do_not_read_take_nothing_from_those_who_do)			\
	X(who_takes_nothing_for_as_long_as_may_be_is_dropped_and_nobody_else)	\
	X(who_hangs_up_is_dropped_and_what_he_says_before_is_nothing)	\
	X(after_a_reset_a_viewer_goes_on_at_the_next_key_frame)		\
	X(a_range_is_sent_until_its_first_byte_has_left_the_ring)	\
	X(of_what_a_viewer_says_he_is_little_is_kept)			\
	X(the_one_that_is_kicked_goes_and_nobody_else)			\
	X(all_are_listed_and_all_are_closed)

int
main(void)
{
	static int file;
	const struct CMUnitTest tests[] = {
#define X(test) { #test ", by sendfile", test, NULL, NULL, &file },	\
	{ #test ", by send", test, NULL, NULL, NULL },
		TESTS(X)
#undef X
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
