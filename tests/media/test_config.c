#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/config.h"
#include "tmptree.h"

#define CHANNEL(slug, number)						\
	"channel: " slug "\n"						\
	"channel_number: " number "\n"					\
	"pools: {all: {path: media}}\n"					\
	"schedule:\n"							\
	"  all_day:\n"							\
	"    - block: {start: 00:00, duration: 24h, pool: all}\n"

struct loaded {
	struct config *c;
	struct errs e;
};

static struct loaded
load(const struct tree *t)
{
	char *path = tree_path(t, "retrovued.yaml");
	struct loaded l = { 0 };

	l.c = config_load(path, &l.e);
	free(path);
	return l;
}

static void
done(struct loaded *l)
{
	config_free(l->c);
	errs_fini(&l->e);
}

static void
assert_said(struct loaded *l, const char *what)
{
	struct buf b = { 0 };

	errs_print(&l->e, &b);
	if (strstr(buf_str(&b), what) == NULL)
		fail_msg("'%s' is not in:\n%s", what, buf_str(&b));
	buf_fini(&b);
}

static void
channels_come_in_the_order_of_their_numbers(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	tree_write(t, "channels/a.yaml", CHANNEL("ten", "10"));
	tree_write(t, "channels/b.yml", CHANNEL("five-ten", "5.10"));
	tree_write(t, "channels/C.yaml", CHANNEL("five-nine", "5.9"));
	tree_write(t, "channels/d.yaml", CHANNEL("five", "5"));
	l = load(t);
	assert_int_equal(l.e.n, 0);
	assert_int_equal(l.c->nchans, 4);
	assert_string_equal(l.c->chans[0]->slug, "five");
	assert_string_equal(l.c->chans[1]->slug, "five-nine");
	assert_string_equal(l.c->chans[2]->slug, "five-ten");
	assert_string_equal(l.c->chans[3]->slug, "ten");
	done(&l);
}

static void
other_files_are_passed_over(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	tree_write(t, "channels/one.yaml", CHANNEL("one", "1"));
	tree_write(t, "channels/_parts.yaml", "faulty: yes");
	tree_write(t, "channels/.one.yaml", "faulty: yes");
	tree_write(t, "channels/one.yaml~", "faulty: yes");
	tree_write(t, "channels/README", "faulty: yes");
	l = load(t);
	assert_int_equal(l.e.n, 0);
	assert_int_equal(l.c->nchans, 1);
	done(&l);
}

static void
listed_files_keep_their_order(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "channels: [z.yaml, a.yaml]\n");
	tree_write(t, "z.yaml", CHANNEL("one", "1"));
	tree_write(t, "a.yaml", CHANNEL("two", "2"));
	l = load(t);
	assert_int_equal(l.e.n, 0);
	assert_int_equal(l.c->nchans, 2);
	assert_string_equal(l.c->chans[0]->slug, "one");
	done(&l);
}

static void
a_missing_channels_directory_is_a_fault_that_names_it(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	l = load(t);
	assert_non_null(l.c);
	assert_int_equal(l.e.faults, 1);
	assert_said(&l, t->dir);
	assert_said(&l, "/channels: cannot read the channels directory: "
	    "No such file");
	done(&l);
}

static void
a_missing_station_file_is_a_fault(void **state)
{
	struct loaded l = load(*state);

	assert_null(l.c);
	assert_int_equal(l.e.faults, 1);
	assert_said(&l, "retrovued.yaml:");
	done(&l);
}

static void
a_faulty_channel_does_not_hide_the_others(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	tree_write(t, "channels/bad.yaml", "channel: bad\n");
	tree_write(t, "channels/good.yaml", CHANNEL("good", "1"));
	l = load(t);
	assert_true(l.e.faults > 0);
	assert_said(&l, "channels/bad.yaml:");
	assert_int_equal(l.c->nchans, 1);
	assert_string_equal(l.c->chans[0]->slug, "good");
	done(&l);
}

static void
a_number_taken_twice_is_a_fault(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	tree_write(t, "channels/a.yaml", CHANNEL("a", "7"));
	tree_write(t, "channels/b.yaml", CHANNEL("b", "7"));
	l = load(t);
	assert_int_equal(l.e.faults, 1);
	assert_said(&l, "channel number 7 is already in");
	done(&l);
}

static void
a_time_zone_that_the_system_lacks_is_a_fault(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "station: {timezone: Moon/Tycho}\n");
	tree_write(t, "channels/a.yaml",
	    CHANNEL("a", "7") "timezone: Europe/Nowhere\n");
	l = load(t);
	assert_int_equal(l.e.faults, 2);
	assert_said(&l, "retrovued.yaml:1:21: time zone 'Moon/Tycho' cannot "
	    "be used");
	assert_said(&l, "time zone 'Europe/Nowhere' cannot be used");
	done(&l);
}

static void
time_zones_that_the_system_has_are_fine(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "station: {timezone: UTC}\n");
	tree_write(t, "channels/a.yaml",
	    CHANNEL("a", "7") "timezone: America/New_York\n");
	l = load(t);
	assert_int_equal(l.e.n, 0);
	done(&l);
}

static void
files_are_checked_without_a_station(void **state)
{
	const struct tree *t = *state;
	char *file = tree_path(t, "one.yaml");
	struct loaded l = { 0 };

	tree_write(t, "one.yaml", CHANNEL("one", "1"));
	l.c = config_load_files(NULL, &file, 1, &l.e);
	assert_int_equal(l.e.n, 0);
	assert_int_equal(l.c->nchans, 1);
	assert_string_equal(l.c->station->name, "Retrovue");
	free(file);
	done(&l);
}

static void
files_replace_the_channels_of_the_station(void **state)
{
	const struct tree *t = *state;
	char *path = tree_path(t, "retrovued.yaml");
	char *file = tree_path(t, "new.yaml");
	struct loaded l = { 0 };

	tree_write(t, "retrovued.yaml", "station: {name: Here}\n");
	tree_write(t, "channels/one.yaml", CHANNEL("one", "1"));
	tree_write(t, "new.yaml", CHANNEL("new", "1"));
	l.c = config_load_files(path, &file, 1, &l.e);
	assert_int_equal(l.e.n, 0);
	assert_int_equal(l.c->nchans, 1);
	assert_string_equal(l.c->chans[0]->slug, "new");
	assert_string_equal(l.c->station->name, "Here");
	free(file);
	free(path);
	done(&l);
}

/* Lets that many more descriptors be had, -1: as many as ever. */
static void
leave_descriptors(int n)
{
	static struct rlimit all;
	struct rlimit few;

	if (n < 0) {
		setrlimit(RLIMIT_NOFILE, &all);
		return;
	}
	getrlimit(RLIMIT_NOFILE, &all);
	few = all;
	few.rlim_cur = (rlim_t)dup(0);
	close((int)few.rlim_cur);
	few.rlim_cur += (rlim_t)n;
	setrlimit(RLIMIT_NOFILE, &few);
}

static void
what_the_system_lacks_is_not_the_files_fault(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml", "");
	tree_write(t, "channels/one.yaml", CHANNEL("one", "1") "{");
	leave_descriptors(0);
	l = load(t);
	leave_descriptors(-1);
	assert_said(&l, "Too many open files");
	assert_true(l.e.faults > 0 && l.e.lacking);
	done(&l);
	l = load(t);
	assert_true(l.e.faults > 0 && !l.e.lacking);
	done(&l);
}

static void
what_failed_before_is_not_taken_for_a_shortage(void **state)
{
	const struct tree *t = *state;
	struct loaded l;

	tree_write(t, "retrovued.yaml/x", "");
	errno = EMFILE;
	l = load(t);
	assert_said(&l, "not a regular file");
	assert_true(l.e.faults > 0 && !l.e.lacking);
	done(&l);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, tree_setup,	\
	    tree_teardown)
	const struct CMUnitTest tests[] = {
		T(channels_come_in_the_order_of_their_numbers),
		T(other_files_are_passed_over),
		T(listed_files_keep_their_order),
		T(a_missing_channels_directory_is_a_fault_that_names_it),
		T(a_missing_station_file_is_a_fault),
		T(a_faulty_channel_does_not_hide_the_others),
		T(a_number_taken_twice_is_a_fault),
		T(a_time_zone_that_the_system_lacks_is_a_fault),
		T(time_zones_that_the_system_has_are_fine),
		T(files_are_checked_without_a_station),
		T(files_replace_the_channels_of_the_station),
		T(what_the_system_lacks_is_not_the_files_fault),
		T(what_failed_before_is_not_taken_for_a_shortage),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
