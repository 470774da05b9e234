#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/probe.h"
#include "media/sniff.h"
#include "tmptree.h"

/* probe_file() of dir/name with a script for ffprobe. */
static struct asset
probe(const struct tree *t, const char *name, const char *script,
    bool *final)
{
	struct asset a = { .path = tree_path(t, name) };
	struct chapters c;
	struct facts tags;
	char *ffprobe = tree_path(t, "ffprobe");

	tree_script(t, "ffprobe", script);
	*final = probe_file(ffprobe, NULL, NULL, &a, &c, &tags) == PROBE_SURE;
	chapters_fini(&c);
	facts_fini(&tags);
	free(ffprobe);
	free(a.path);
	return a;
}

static void
check_probe(const struct tree *t, const char *name, const char *script,
    const char *why, bool is_final)
{
	bool final;
	struct asset a = probe(t, name, script, &final);

	assert_non_null(a.bad);
	assert_string_equal(a.bad, why);
	assert_int_equal(final, is_final);
	free(a.bad);
}

/* Says so if it is started at all. */
#define NEVER	"echo ': Started' >&2; exit 1"

static void
what_is_no_file_is_never_opened(void **state)
{
	struct tree *t = *state;
	char *fifo = tree_path(t, "fifo.mkv");

	tree_write(t, "dir.mkv/x", "");
	tree_link(t, "loop.mkv", "loop.mkv");
	tree_link(t, "/dev/zero", "device.mkv");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_probe(t, "dir.mkv", NEVER, "is a directory", false);
	check_probe(t, "gone.mkv", NEVER, "No such file or directory", false);
	check_probe(t, "loop.mkv", NEVER,
	    "Too many levels of symbolic links", false);
	check_probe(t, "device.mkv", NEVER, "is a device, not a file", false);
	check_probe(t, "fifo.mkv", NEVER, "is a FIFO, not a file", false);
	free(fifo);
}

static void
what_cannot_be_media_costs_no_ffprobe(void **state)
{
	struct tree *t = *state;
	char *hole = tree_path(t, "hole.mkv");

	tree_write(t, "empty.mkv", "");
	tree_write(t, "page.mkv", "<!DOCTYPE html>\n<p>Not\tf\xc3\xbcnd\n");
	tree_write(t, "hole.mkv", "");
	assert_int_equal(truncate(hole, 1 << 20), 0);
	check_probe(t, "empty.mkv", NEVER, "is empty", true);
	check_probe(t, "page.mkv", NEVER, "is text, no media file", true);
	check_probe(t, "hole.mkv", NEVER, "holds nothing but zeros", true);
	free(hole);
}

/* The beginnings of files that air. */
static void
no_container_is_taken_for_text(void **state)
{
	static const struct {
		uint8_t bytes[20];
		size_t n;
	} heads[] = {
		{ "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42", 20 },
		{ "\0\0\0\x20" "ftypisom", 20 },
		{ "FLV\x01\x05\0\0\0\x09", 20 },
		{ "RIFF\x24\x10\0\0AVI LIST", 20 },
		{ "OggS\0\x02", 20 },
		{ "fLaC\0\0\0\x22", 20 },
		{ "ID3\x04\0", 20 },
		{ "G\x40\x11\x10\0\x42\xf0\x25", 20 },
		{ "\0\0\x01\xba\x44", 20 },
		{ "\x30\x26\xb2\x75\x8e\x66\xcf\x11", 20 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		assert_null(sniff(heads[i].bytes, heads[i].n));
	assert_null(sniff((const uint8_t *)"too short", 9));
}

static void
a_sudden_end_is_the_file_s_where_the_disk_is_well(void **state)
{
	struct tree *t = *state;
	const char *script = "rm -f \"${0%/*}/gone.mkv\"\n"
	    "echo 'file:a.mkv: Input/output error' >&2; exit 1";

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", script,
	    "is cut off: it ends in the middle of its header", true);
	/* What cannot be read any more may be able to be again. */
	tree_write(t, "gone.mkv", "x");
	check_probe(t, "gone.mkv", script, "ffprobe: Input/output error",
	    false);
}

static void
a_good_answer_is_final(void **state)
{
	struct tree *t = *state;
	struct asset a;
	bool final;

	tree_write(t, "a.mkv", "x");
	a = probe(t, "a.mkv", "cat <<EOF\n"
	    "{\"streams\":[{\"index\":3,\"codec_type\":\"video\"}],"
	    "\"format\":{\"duration\":\"2.5\"}}\nEOF\n", &final);
	assert_null(a.bad);
	assert_true(final);
	assert_true(a.duration_us == 2500000);
	assert_int_equal(a.video_stream, 3);
}

static void
the_file_is_named_by_a_url_of_its_own(void **state)
{
	struct tree *t = *state;
	const char *name = "-i a:b'\"\n%03d.mkv";
	char *want = xasprintf("ffprobe: -i file:%s/-i a", t->dir);

	/* The one argument after -i holds the name, bytes and all. */
	tree_write(t, name, "x");
	check_probe(t, name, "while [ $# -gt 2 ]; do shift; done\n"
	    "printf '%s %s' \"$1\" \"${2%%:b*}\" >&2; exit 1", want, false);
	free(want);
}

static void
a_verdict_on_the_file_is_final(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "echo '[mov @ 0x1] moov atom not found' >&2\n"
	    "echo 'file:a: b.mkv: Invalid data found when processing input'"
	    " >&2; exit 1",
	    "is no media file that can be read: "
	    "Invalid data found when processing input", true);
	check_probe(t, "a.mkv", "echo '[hls @ 0x1] Format not on whitelist x'"
	    " >&2; echo 'a.mkv: Invalid argument' >&2; exit 1",
	    "is in no format that airs", true);
}

static void
a_failure_that_may_pass_is_not_final(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "echo 'file:a.mkv: Permission denied' >&2; "
	    "exit 1",
	    "ffprobe: Permission denied", false);
	check_probe(t, "a.mkv", "exit 1", "ffprobe: failed without a word",
	    false);
	check_probe(t, "a.mkv", "kill -9 $$", "ffprobe died of signal 9",
	    false);
	check_probe(t, "a.mkv", "printf 'file:a: \\033[1m\\377\\n' >&2; exit 1",
	    "ffprobe: ?[1m?", false);
}

static void
too_long_an_answer_is_bad(void **state)
{
	struct tree *t = *state;

	tree_write(t, "a.mkv", "x");
	check_probe(t, "a.mkv", "exec yes",
	    "ffprobe said more than 4 MiB about it", true);
}

static void
a_missing_ffprobe_is_named(void **state)
{
	struct tree *t = *state;
	struct asset a = { .path = tree_path(t, "a.mkv") };
	struct chapters c;
	struct facts tags;

	tree_write(t, "a.mkv", "x");
	assert_int_equal(probe_file("/nowhere/ffprobe", NULL, NULL, &a, &c,
	    &tags), PROBE_UNSURE);
	assert_string_equal(a.bad,
	    "cannot run /nowhere/ffprobe: No such file or directory");
	free(a.bad);
	free(a.path);
}

static struct rlimit files;		/* as they were */

static void
files_end(void)
{
	struct rlimit none;
	int fd = dup(STDIN_FILENO);

	close(fd);
	getrlimit(RLIMIT_NOFILE, &files);
	none = files;
	none.rlim_cur = (rlim_t)fd;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void *
files_return(void *arg)
{
	poll(NULL, 0, 300);
	setrlimit(RLIMIT_NOFILE, &files);
	return arg;
}

static void
for_want_of_descriptors_no_file_is_called_bad(void **state)
{
	struct tree *t = *state;
	struct asset a = { .path = tree_path(t, "a.mkv") };
	volatile int stop = 1;
	struct chapters c;
	struct facts tags;

	tree_write(t, "a.mkv", "x");
	files_end();
	assert_int_equal(probe_file("/nowhere", NULL, &stop, &a, &c, &tags),
	    PROBE_UNASKED);
	setrlimit(RLIMIT_NOFILE, &files);
	free(a.bad);
	free(a.path);
}

static void
descriptors_are_waited_for(void **state)
{
	struct tree *t = *state;
	struct asset a = { .path = tree_path(t, "a.mkv") };
	pthread_t thread;
	struct chapters c;
	struct facts tags;

	tree_write(t, "a.mkv", "x");
	files_end();
	assert_int_equal(pthread_create(&thread, NULL, files_return, NULL),
	    0);
	assert_int_equal(probe_file("/nowhere", NULL, NULL, &a, &c, &tags),
	    PROBE_UNSURE);
	pthread_join(thread, NULL);
	assert_string_equal(a.bad,
	    "cannot run /nowhere: No such file or directory");
	free(a.bad);
	free(a.path);
}

#define WITH_TREE(f)							\
	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(what_is_no_file_is_never_opened),
		WITH_TREE(what_cannot_be_media_costs_no_ffprobe),
		WITH_TREE(a_sudden_end_is_the_file_s_where_the_disk_is_well),
		cmocka_unit_test(no_container_is_taken_for_text),
		WITH_TREE(a_good_answer_is_final),
		WITH_TREE(the_file_is_named_by_a_url_of_its_own),
		WITH_TREE(a_verdict_on_the_file_is_final),
		WITH_TREE(a_failure_that_may_pass_is_not_final),
		WITH_TREE(too_long_an_answer_is_bad),
		WITH_TREE(a_missing_ffprobe_is_named),
		WITH_TREE(for_want_of_descriptors_no_file_is_called_bad),
		WITH_TREE(descriptors_are_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
