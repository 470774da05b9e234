#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "media/probe.h"
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
	*final = probe_file(ffprobe, NULL, &a, &c, &tags);
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
	tree_write(t, "empty.mkv", "");
	tree_link(t, "loop.mkv", "loop.mkv");
	tree_link(t, "/dev/zero", "device.mkv");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_probe(t, "dir.mkv", NEVER, "is a directory", false);
	check_probe(t, "empty.mkv", NEVER, "is empty", false);
	check_probe(t, "gone.mkv", NEVER, "No such file or directory", false);
	check_probe(t, "loop.mkv", NEVER,
	    "Too many levels of symbolic links", false);
	check_probe(t, "device.mkv", NEVER, "is a device, not a file", false);
	check_probe(t, "fifo.mkv", NEVER, "is a FIFO, not a file", false);
	free(fifo);
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
	check_probe(t, "a.mkv", "echo 'file:a.mkv: Input/output error' >&2; "
	    "exit 1",
	    "ffprobe: Input/output error", false);
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
	assert_false(probe_file("/nowhere/ffprobe", NULL, &a, &c, &tags));
	assert_string_equal(a.bad,
	    "cannot run /nowhere/ffprobe: No such file or directory");
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
		WITH_TREE(a_good_answer_is_final),
		WITH_TREE(the_file_is_named_by_a_url_of_its_own),
		WITH_TREE(a_verdict_on_the_file_is_final),
		WITH_TREE(a_failure_that_may_pass_is_not_final),
		WITH_TREE(too_long_an_answer_is_bad),
		WITH_TREE(a_missing_ffprobe_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
