#include "media/padfile.h"

#include <errno.h>
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
pad_make(const char *ffmpeg, const struct shim *shim, const struct format *f,
    const char *path, const volatile int *stop, struct errs *e)
{
	struct grid g = house_grid(f);
	char **argv = argv_pad(ffmpeg, f), *why = NULL;
	const struct padfile_job j = {
		.argv = (const char *const *)argv, .grid = &g,
		.groups = PAD_GROUPS, .max_bytes = PAD_MAX,
		.timeout_ms = PAD_TIMEOUT_MS, .path = path,
		.shim = shim, .stop = stop,
	};
	struct pad *p = padfile_make(&j, e, &why);

	if (p == NULL)
		errs_fault(e, NULL, 0, 0, "%s made no pad: %s", ffmpeg, why);
	free(why);
	argv_free(argv);
	return p;
}

struct pad *
padfile_load(const char *ffmpeg, const struct shim *shim,
    const char *state_dir, const struct format *f, const volatile int *stop,
    struct errs *e)
{
	struct grid g = house_grid(f);
	char *name = argv_pad_name(f), *path = path_resolve(state_dir, name);
	struct pad *p = padfile_read(path, PAD_MAX, &g, PAD_GROUPS);

	if (p == NULL)
		p = pad_make(ffmpeg, shim, f, path, stop, e);
	free(path);
	free(name);
	return p;
}
