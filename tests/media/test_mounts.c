#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "media/mounts.h"

#define ROOT	"25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define NAS	"36 25 0:50 / /srv/nas rw shared:2 - nfs4 nas:/films rw\n"
#define NAS_2	"37 25 0:50 / /srv/nas rw shared:2 - nfs4 nas:/films rw\n"
#define LOGIN	"90 25 0:60 / /run/user/1000 rw shared:3 - tmpfs tmpfs rw\n"
#define BOX	"91 25 0:61 / /var/lib/box/1 rw shared:4 - overlay overlay rw\n"

static uint64_t
stamp(const char *text)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	uint64_t n;

	assert_non_null(in);
	n = mounts_stamp_of(in);
	fclose(in);
	return n;
}

static void
what_comes_goes_or_is_replaced_changes_the_stamp(void **state)
{
	(void)state;
	assert_true(stamp(ROOT NAS) == stamp(ROOT NAS));
	assert_true(stamp(ROOT NAS) != stamp(ROOT));
	assert_true(stamp(ROOT NAS) != stamp(ROOT NAS_2));
	assert_true(stamp(ROOT NAS) != stamp(ROOT NAS NAS_2));
}

static void
logins_and_containers_do_not(void **state)
{
	(void)state;
	assert_true(stamp(ROOT NAS) == stamp(ROOT LOGIN NAS BOX));
}

static void
the_kernel_says_what_is_mounted(void **state)
{
	(void)state;
	assert_true(mounts_stamp() != 0);
	assert_true(mounts_stamp() == mounts_stamp());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_comes_goes_or_is_replaced_changes_the_stamp),
		cmocka_unit_test(logins_and_containers_do_not),
		cmocka_unit_test(the_kernel_says_what_is_mounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
