#include "media/padfile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "air/house.h"
#include "base/xmem.h"
#include "media/files.h"
#include "media/run.h"
#include "plan/station.h"

#define PAD_GROUPS	2	/* see argv_pad() */
#define PAD_MAX		(64u << 20)	/* two groups of pictures */
#define PAD_TIMEOUT_MS	120000	/* 240 of 2160 lines take 6 s on two cores */
#define SAMPLE_MAX	(1u << 20)	/* a black picture */
#define SAMPLE_TIMEOUT_MS 20000

struct pad *
padfile_make(const struct padfile_job *j, struct errs *e, char **why)
{
	struct run_job r = {
		.argv = j->argv,
		.timeout_ms = j->timeout_ms,
		.max_out = j->max_bytes,
		.shim = j->shim,
		.stop = j->stop,
	};
	struct pad *p = NULL;
	const char *wrong = NULL;

	run_program(&r);
	if (r.end == RUN_NOT_STARTED)
		*why = xasprintf("cannot run %s: %s", j->argv[0],
		    strerror(r.error));
	else if ((p = pad_new_loop(j->grid, j->groups, r.out.data, r.out.len,
	    &wrong)) == NULL)
		*why = xasprintf("%s: %.300s", wrong, buf_str(&r.err));
	else if (files_replace(j->path, r.out.data, r.out.len) < 0)
		errs_warn(e, j->path, 0, 0, "cannot be written: %s",
		    strerror(errno));
	buf_fini(&r.out);
	buf_fini(&r.err);
	return p;
}

struct pad *
padfile_read(const char *path, size_t max_bytes, const struct grid *g,
    int64_t groups)
{
	struct buf bytes = { 0 };
	struct pad *p = NULL;
	const char *why;

	if (files_read(path, max_bytes + 1, &bytes, &why) == 0 &&
	    bytes.len <= max_bytes)
		p = pad_new_loop(g, groups, bytes.data, bytes.len, &why);
	buf_fini(&bytes);
	return p;
}

static struct pad *
pad_make(const struct padfile_options *o, const struct format *f,
    const char *path, struct errs *e)
{
	struct grid g = house_grid(f);
	char **argv = argv_pad(o->ffmpeg, o->caps, f), *why = NULL;
	const struct padfile_job j = {
		.argv = (const char *const *)argv, .grid = &g,
		.groups = PAD_GROUPS, .max_bytes = PAD_MAX,
		.timeout_ms = PAD_TIMEOUT_MS, .path = path,
		.shim = o->shim, .stop = o->stop,
	};
	struct pad *p = padfile_make(&j, e, &why);

	if (p == NULL)
		errs_fault(e, NULL, 0, 0, "%s made no pad: %s", o->ffmpeg,
		    why);
	free(why);
	argv_free(argv);
	return p;
}

struct pad *
padfile_load(const struct padfile_options *o, const struct format *f,
    struct errs *e)
{
	struct grid g = house_grid(f);
	char *name = argv_pad_name(o->caps, f);
	char *path = path_resolve(o->state_dir, name);
	struct pad *p = padfile_read(path, PAD_MAX, &g, PAD_GROUPS);

	if (p == NULL)
		p = pad_make(o, f, path, e);
	if (p != NULL)
		padfile_sets_change(o, f, p);
	free(path);
	free(name);
	return p;
}

static bool
sets_read(const char *path, struct h264_sets *s)
{
	struct buf bytes = { 0 };
	const char *why;
	bool found = files_read(path, SAMPLE_MAX, &bytes, &why) == 0 &&
	    pad_sets_find(s, bytes.data, bytes.len);

	buf_fini(&bytes);
	return found;
}

/* That it cannot be kept is no news: pad could not either. */
static bool
sets_make(const struct padfile_options *o, const struct format *f,
    const char *path, struct h264_sets *s)
{
	char **argv = argv_sample(o->ffmpeg, o->caps, f);
	struct run_job r = {
		.argv = (const char *const *)argv,
		.timeout_ms = SAMPLE_TIMEOUT_MS, .max_out = SAMPLE_MAX,
		.shim = o->shim, .stop = o->stop,
	};
	bool found;

	run_program(&r);
	found = pad_sets_find(s, r.out.data, r.out.len);
	if (found)
		(void)files_replace(path, r.out.data, r.out.len);
	buf_fini(&r.out);
	buf_fini(&r.err);
	argv_free(argv);
	return found;
}

void
padfile_sets_change(const struct padfile_options *o, const struct format *f,
    struct pad *p)
{
	uint64_t build = o->caps != NULL ? o->caps->build : 0;
	char *pad = argv_pad_name(o->caps, f);
	char *name = xasprintf("sets-%016" PRIx64 "-%s", build, pad);
	char *path = path_resolve(o->state_dir, name);
	struct h264_sets s;

	if (sets_read(path, &s) || sets_make(o, f, path, &s))
		(void)pad_sets_change(p, &s);
	free(path);
	free(name);
	free(pad);
}
