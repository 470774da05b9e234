/* test_slatefile.c - what becomes of the file that a channel's slate is. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
