/* What a connection owes, over real sockets. */

#include "rig.h"

#include "base/blob.h"
#include "io/sender.h"

#define MIB		((size_t)1 << 20)
#define WORDS		"HTTP/1.1 200 OK\r\n\r\n"

/* ends[0] sends without blocking; ends[1] takes whatever it is sent, at once,
 * where we may have buffers so large. */
static void
connect_pair(int ends[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int l = socket(AF_INET, SOCK_STREAM, 0), room = 16 << 20;

	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(ends[1], SOL_SOCKET, SO_RCVBUFFORCE, &room,
	    sizeof room);
	assert_int_equal(bind(l, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(l, 1), 0);
	assert_int_equal(getsockname(l, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(connect(ends[1], (struct sockaddr *)&a, len), 0);
	ends[0] = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	assert_true(ends[0] >= 0);
	(void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &room,
	    sizeof room);
	close(l);
}

/* Bytes that say where they stand. */
static struct buf
bytes_make(size_t n)
{
	struct buf b = { 0 };
	uint8_t *p = buf_extend(&b, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i >> i % 3 * 8);
	return b;
}

/* Take what has come; without flags, what comes until the other end closes. */
static void
take(int fd, struct buf *got, int flags)
{
	uint8_t bytes[65536];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof bytes, flags)) > 0)
		buf_add(got, bytes, (size_t)n);
}

/* Write until nothing is owed; returns how often that took. */
static int
write_all(struct sender *s, const int ends[2], struct buf *got)
{
	uint64_t end = uv_hrtime() + DEADLINE_NS;
	bool moved;
	int n = 1, rc;

	while ((rc = sender_write(s, ends[0], &moved)) == 0) {
		assert_true(uv_hrtime() < end);
		take(ends[1], got, MSG_DONTWAIT);
		n++;
	}
	assert_int_equal(rc, 1);
	(void)shutdown(ends[0], SHUT_WR);
	take(ends[1], got, 0);
	return n;
}

static void
close_pair(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static void
whoever_takes_all_at_once_is_sent_a_mebibyte_a_turn(void **state)
{
	struct buf want = bytes_make(5 * MIB), copy = bytes_make(5 * MIB);
	struct sender s = { 0 };
	struct buf got = { 0 };
	bool moved = false;
	int ends[2];

	(void)state;
	connect_pair(ends);
	buf_adds(&s.head, WORDS);
	sender_blob(&s, blob_new(&copy));
	assert_int_equal(sender_write(&s, ends[0], &moved), 0);
	assert_true(moved);
	assert_true(s.blob_pos + s.head_pos <= MIB);
	assert_true(write_all(&s, ends, &got) >= 5);
	assert_int_equal(got.len, want.len + strlen(WORDS));
	assert_memory_equal(got.data, WORDS, strlen(WORDS));
	assert_memory_equal(got.data + strlen(WORDS), want.data, want.len);
	assert_null(s.blob);
	buf_fini(&got);
	buf_fini(&want);
	close_pair(ends);
}

static void
a_range_of_the_ring_is_sent_whole_and_in_turns(void **state)
{
	struct sender s = { 0 };
	struct buf got = { 0 };
	struct rig g;
	int ends[2];
	bool moved;

	(void)state;
	connect_pair(ends);
	rig_init(&g, true, 100);
	rig_mark(&g, 0);
	rig_feed(&g, 20000);
	sender_ring(&s, g.relay, 100 * PACKET, 15000 * PACKET);
	assert_int_equal(sender_write(&s, ends[0], &moved), 0);
	assert_true(s.from <= 100 * PACKET + MIB);
	(void)write_all(&s, ends, &got);
	assert_int_equal(got.len, 14900 * PACKET);
	for (size_t i = 0; i < 14900; i++)
		assert_int_equal(packet_number(got.data + i * PACKET),
		    i + 100);
	buf_fini(&got);
	rig_fini(&g);
	close_pair(ends);
}

/* The relay is freed when the last who holds it lets go. */
static void
a_range_outlives_its_relay_and_is_cut_short_with_its_bytes(void **state)
{
	struct sender s = { 0 };
	struct rig g;
	int ends[2];
	bool moved;

	(void)state;
	connect_pair(ends);
	rig_init(&g, true, 100);
	rig_mark(&g, 0);
	rig_feed(&g, 20000);
	sender_ring(&s, g.relay, 0, 20000 * PACKET);
	assert_int_equal(sender_write(&s, ends[0], &moved), 0);
	relay_reset(g.relay);
	assert_int_equal(sender_write(&s, ends[0], &moved), -1);
	relay_close(g.relay);
	uv_run(&g.loop, UV_RUN_DEFAULT);
	sender_fini(&s);
	assert_int_equal(uv_loop_close(&g.loop), 0);
	close_pair(ends);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    whoever_takes_all_at_once_is_sent_a_mebibyte_a_turn),
		cmocka_unit_test(
		    a_range_of_the_ring_is_sent_whole_and_in_turns),
		cmocka_unit_test(
		    a_range_outlives_its_relay_and_is_cut_short_with_its_bytes),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
