/* decoded.h - what programs print, and what the real ffmpeg makes of a
 * stream. */

#ifndef TESTS_DECODED_H
#define TESTS_DECODED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "media/run.h"
#include "tmptree.h"

#define TIMEOUT_MS	60000

/* What it prints, at most so many bytes; nothing on stderr. */
static inline struct buf
program_run(const char *const *argv, size_t max_out)
{
	struct run_job r = {
		.argv = argv, .timeout_ms = TIMEOUT_MS, .max_out = max_out,
	};

	run_program(&r);
	assert_int_equal(r.end, RUN_EXITED);
	if (r.status != 0 || r.err.len != 0)
		fail_msg("%s: %s", argv[0], buf_str(&r.err));
	buf_fini(&r.err);
	return r.out;
}

/* The stream decoded, in raw samples or as checksums: whatever is the least
 * bit wrong with it is an error. */
static inline struct buf
decoded(const struct tree *t, const struct buf *stream, const char *demuxer,
    const char *muxer, size_t max_out)
{
	char *path = tree_path(t, "stream");
	const char *argv[] = {
		"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning",
		"-xerror", "-err_detect", "explode", "-threads", "1",
		"-f", demuxer, "-i", path, "-map", "0:v:0",
		"-fps_mode", "passthrough", "-f", muxer, "pipe:1", NULL
	};
	FILE *f = fopen(path, "we");
	struct buf out;

	assert_non_null(f);
	assert_int_equal(fwrite(stream->data, 1, stream->len, f), stream->len);
	assert_int_equal(fclose(f), 0);
	out = program_run(argv, max_out);
	free(path);
	return out;
}

#endif
