#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arith.h"
#include "io/ringfile.h"

#define MIB		((size_t)1 << 20)
#define MAP_MIB		1088	/* of the mapping, before it goes round */

static void
append(struct ringfile *f, uint8_t value, size_t n)
{
	uint8_t *bytes = malloc(n);

	memset(bytes, value, n);
	assert_int_equal(ringfile_append(f, bytes, n), 0);
	free(bytes);
}

static void
a_ring_is_a_file_where_it_can_be_and_a_mapping_where_it_is_to_be(void **state)
{
	struct ringfile f;

	(void)state;
	ringfile_init(&f, true);
	assert_true(f.fd >= 0 && f.map == NULL);
	ringfile_fini(&f);
	ringfile_init(&f, false);
	assert_true(f.fd < 0 && f.map != NULL);
	ringfile_fini(&f);
}

static void
a_ring_needs_no_descriptor(void **state)
{
	struct rlimit files, none;
	struct ringfile f;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	none = (struct rlimit){ 0, files.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	ringfile_init(&f, true);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	assert_true(f.fd < 0 && f.map != NULL);
	append(&f, 1, MIB);
	assert_int_equal(f.head, MIB);
	ringfile_fini(&f);
}

/* What is left of the file when the last minute is 4 MiB of it. */
static void
what_lies_behind_the_tail_is_given_back(void **state)
{
	struct ringfile f;
	struct stat st;

	(void)state;
	ringfile_init(&f, true);
	f.idx.keep_ns = 60 * NS_PER_S;
	for (int i = 0; i < 16; i++) {
		ringidx_add(&f.idx, i, i * 16 * NS_PER_S, f.head);
		append(&f, (uint8_t)i, MIB);
		if (ringfile_trim(&f))
			ringfile_punch(&f);
	}
	assert_int_equal(f.tail, 12 * MIB);
	assert_int_equal(f.punched, 11 * MIB);
	assert_int_equal(fstat(f.fd, &st), 0);
	assert_int_equal(st.st_blocks * 512, 5 * MIB);
	ringfile_fini(&f);
}

/* Read n bytes from pos through a socket; they must all be value. */
static void
expect(const struct ringfile *f, uint64_t pos, size_t n, uint8_t value)
{
	uint8_t bytes[4096];
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (size_t done = 0; done < n;) {
		size_t max = n - done < sizeof bytes ? n - done : sizeof bytes;
		ssize_t sent = ringfile_send(f, pair[0], pos + done, max);

		assert_true(sent > 0);
		assert_int_equal(read(pair[1], bytes, sizeof bytes), sent);
		for (ssize_t i = 0; i < sent; i++)
			assert_int_equal(bytes[i], value);
		done += (size_t)sent;
	}
	close(pair[0]);
	close(pair[1]);
}

static void
a_mapping_goes_round(void **state)
{
	uint8_t rest[RINGFILE_PACKET];
	struct ringfile f;
	uint64_t pos;

	(void)state;
	ringfile_init(&f, false);
	f.head = f.tail = f.punched = (MAP_MIB - 1) * MIB;
	append(&f, 2, 2 * MIB);		/* the half of it from the start on */
	append(&f, 3, MIB);
	pos = (MAP_MIB - 1) * MIB;
	expect(&f, pos, 2 * MIB, 2);
	expect(&f, pos + 2 * MIB, MIB, 3);
	pos = MAP_MIB * MIB - 1;	/* a packet across its end */
	assert_true(pos % RINGFILE_PACKET != 0);
	assert_int_equal(ringfile_rest(&f, pos, rest),
	    RINGFILE_PACKET - pos % RINGFILE_PACKET);
	assert_int_equal(rest[0], 2);
	assert_int_equal(rest[1], 2);
	ringfile_fini(&f);
}

static void
bytes_that_are_gone_are_not_sent(void **state)
{
	int pair[2];
	struct ringfile f;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (int sendfile = 0; sendfile < 2; sendfile++) {
		ringfile_init(&f, sendfile);
		append(&f, 1, 4 * MIB);
		f.tail = f.head;
		ringfile_punch(&f);
		assert_int_equal(f.punched, 3 * MIB);
		assert_int_equal(ringfile_send(&f, pair[0], 3 * MIB - 1, 1),
		    -1);
		assert_int_equal(errno, EIO);
		expect(&f, 3 * MIB, 4096, 1);
		ringfile_fini(&f);
	}
	close(pair[0]);
	close(pair[1]);
}

/* However much comes at once: who stands behind it finds nothing. */
static void
what_a_mapping_overwrites_is_gone(void **state)
{
	struct ringfile f;

	(void)state;
	ringfile_init(&f, false);
	f.head = MAP_MIB * MIB;
	append(&f, 2, MIB);
	assert_int_equal(f.punched, MIB);
	ringfile_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_ring_is_a_file_where_it_can_be_and_a_mapping_where_it_is_to_be),
		cmocka_unit_test(a_ring_needs_no_descriptor),
		cmocka_unit_test(what_lies_behind_the_tail_is_given_back),
		cmocka_unit_test(a_mapping_goes_round),
		cmocka_unit_test(bytes_that_are_gone_are_not_sent),
		cmocka_unit_test(what_a_mapping_overwrites_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
