#include "media/padfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "air/house.h"
#include "base/xmem.h"
#include "media/files.h"
#include "media/run.h"
#include "media/scan.h"
#include "plan/station.h"

#define PAD_MAX		(64u << 20)	/* two groups of pictures */
#define PAD_TIMEOUT_MS	120000	/* 240 of 2160 lines take 6 s on two cores */

static struct pad *
pad_make(const char *ffmpeg, const struct shim *shim, const struct format *f,
    const char *path, const volatile int *stop, struct errs *e)
{
	struct grid g = house_grid(f);
	char **argv = argv_pad(ffmpeg, f);
	struct run_job r = {
		.argv = (const char *const *)argv,
		.timeout_ms = PAD_TIMEOUT_MS,
		.max_out = PAD_MAX,
		.shim = shim,
		.stop = stop,
	};
	struct pad *p = NULL;
	const char *why = NULL;

	run_program(&r);
	if (r.end == RUN_NOT_STARTED)
		errs_fault(e, NULL, 0, 0, "cannot run %s: %s", ffmpeg,
		    strerror(r.error));
	else if ((p = pad_new(&g, r.out.data, r.out.len, &why)) == NULL)
		errs_fault(e, NULL, 0, 0, "%s made no pad: %s: %.300s", ffmpeg,
		    why, buf_str(&r.err));
	else if (files_replace(path, r.out.data, r.out.len) < 0)
		errs_warn(e, path, 0, 0, "cannot be written: %s",
		    strerror(errno));
	buf_fini(&r.out);
	buf_fini(&r.err);
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
	struct buf bytes = { 0 };
	struct pad *p = NULL;
	const char *why;

	if (scan_read_file(NULL, path, &bytes, &why) == 0)
		p = pad_new(&g, bytes.data, bytes.len, &why);
	if (p == NULL)
		p = pad_make(ffmpeg, shim, f, path, stop, e);
	buf_fini(&bytes);
	free(path);
	free(name);
	return p;
}
