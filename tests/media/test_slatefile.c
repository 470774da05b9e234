/* test_slatefile.c - what becomes of the file that a channel's slate is. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../unit/synth.h"
#include "media/files.h"
#include "media/padfile.h"
#include "media/slatefile.h"
#include "tmptree.h"

#define PNG	"\x89PNG\r\n\x1a\nand so on"

/* An ffmpeg that is a shell script; what it was asked for goes to a file. */
static struct pad *
load(const struct tree *t, const char *name, const char *script,
    struct errs *e)
{
	struct format f = format_default();
	char *path = tree_path(t, name), *ffmpeg = tree_path(t, "ffmpeg");
	char *ffprobe = tree_path(t, "ffprobe");
	struct slatefile_options o = {
		.ffmpeg = ffmpeg, .ffprobe = ffprobe, .state_dir = t->dir,
	};
	struct pad *p;

	tree_script(t, "ffmpeg", script);
	tree_script(t, "ffprobe", "echo no film >&2; exit 1\n");
	p = slatefile_load(&o, path, &f, e);
	free(ffprobe);
	free(ffmpeg);
	free(path);
	return p;
}

static void
check_said(struct errs *e, const char *what)
{
	struct buf b = { 0 };

	assert_int_equal(e->faults, 0);
	errs_print(e, &b);
	if (strstr(buf_str(&b), what) == NULL)
		fail_msg("'%s' is not in:\n%s", what, buf_str(&b));
	buf_fini(&b);
	errs_fini(e);
}


static void
what_cannot_be_a_slate_is_a_warning(void **state)
{
	const struct tree *t = *state;
	struct errs e = { 0 };

	assert_null(load(t, "none.png", "exit 0\n", &e));
	check_said(&e, "none.png: warning: the slate cannot be made: "
	    "No such file or directory");
	tree_write(t, "text.png", "no picture at all");
	assert_null(load(t, "text.png", "exit 0\n", &e));
	check_said(&e, "the slate cannot be made: ");
	assert_null(load(t, ".", "exit 0\n", &e));
	check_said(&e, "is a directory");
}

static void
a_picture_is_known_by_its_first_bytes(void **state)
{
	const struct tree *t = *state;
	struct errs e = { 0 };

	tree_write(t, "slate.txt", PNG);
	assert_null(load(t, "slate.txt", "case \"$*\" in *png_pipe*) "
	    "echo as asked >&2;; esac\nexit 1\n", &e));
	check_said(&e, "pictures are missing: as asked");
	tree_write(t, "slate.txt", "\xff\xd8\xff\xe0" "a picture");
	assert_null(load(t, "slate.txt", "case \"$*\" in *jpeg_pipe*) "
	    "echo as asked >&2;; esac\nexit 1\n", &e));
	check_said(&e, "pictures are missing: as asked");
}

/* Large by packets that say nothing. */
static void
what_was_made_is_read_back_whole_or_not_at_all(void **state)
{
	static const uint8_t null_packet[188] = { 0x47, 0x1f, 0xff, 0x10 };
	const size_t large = 17 << 20;
	struct grid g = grid_make((struct rate){ 25, 1 }, 48000, 1024), flat = g;
	char *path = tree_path(*state, "slate");
	struct buf b = { 0 };
	struct pad *p;

	flat.reorder = 0;
	synth_run(&flat, 0, 2 * g.gop, 2 * g.gop, &b);
	while (b.len < large)
		buf_add(&b, null_packet, sizeof null_packet);
	assert_int_equal(files_replace(path, b.data, b.len), 0);
	p = padfile_read(path, b.len, &g, 2);
	assert_non_null(p);
	pad_free(p);
	assert_null(padfile_read(path, b.len - 1, &g, 2));
	buf_fini(&b);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_cannot_be_a_slate_is_a_warning, tree_setup,
		    tree_teardown),
		cmocka_unit_test_setup_teardown(
		    a_picture_is_known_by_its_first_bytes, tree_setup,
		    tree_teardown),
		cmocka_unit_test_setup_teardown(
		    what_was_made_is_read_back_whole_or_not_at_all,
		    tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
