#include "media/slatefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "air/argv.h"
#include "air/house.h"
#include "base/xmem.h"
#include "media/limbo.h"
#include "media/padfile.h"
#include "media/probe.h"
#include "plan/seed.h"
#include "plan/station.h"

#define LONGEST_S	10
#define GROUPS_MIN	2
#define BYTES_MAX	(16 << 20)
#define MADE_MAX	(20 << 20)	/* an encoder may be off by so much */
#define STEP_MS		60000		/* looking at the file; encoding it */
#define MAGIC_LEN	8

/* Everything that the work needs: it may outlive who asked for it. */
struct work {
	char *ffmpeg, *ffprobe, *state_dir, *path, *preset;
	struct argv_caps caps;		/* of the encoder */
	struct shim *shim;
	struct format format;
	struct grid grid;
	struct asset asset;
	const char *still;	/* ffmpeg's demuxer of a picture's file */
	int64_t groups;
	int64_t size, mtime_ns;
	size_t steps;		/* atomic */
	struct pad *pad;
	char *why;		/* where there is none */
	struct errs errs;
};

static void
drop(void *arg)
{
	struct work *w = arg;

	pad_free(w->pad);
	asset_fini(&w->asset);
	errs_fini(&w->errs);
	shim_free(w->shim);
	free(w->why);
	free(w->ffmpeg);
	free(w->ffprobe);
	free(w->state_dir);
	free(w->path);
	free(w->preset);
	free(w);
}

/* PNG (ISO/IEC 15948 5.2) and JPEG (ISO/IEC 10918-1 B.1.1.3: SOI). */
static const char *
still_format(const char *path)
{
	uint8_t magic[MAGIC_LEN] = { 0 };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, magic, sizeof magic) : -1;

	if (fd >= 0)
		close(fd);
	if (n != (ssize_t)sizeof magic)
		return NULL;
	if (memcmp(magic, "\x89PNG\r\n\x1a\n", MAGIC_LEN) == 0)
		return "png_pipe";
	return memcmp(magic, "\xff\xd8\xff", 3) == 0 ? "jpeg_pipe" : NULL;
}

/* So much of it as is short and small enough. */
static int64_t
groups_of(const struct work *w)
{
	const struct format *f = &w->format;
	int64_t gop = w->grid.gop, bits = BYTES_MAX * INT64_C(8);
	int64_t frames = rate_frames_of_us(f->rate, w->asset.duration_us);
	int64_t longest = LONGEST_S * f->rate.num / f->rate.den;
	int64_t most = muldiv_floor(bits, f->rate.num,
	    f->rate.den * (f->video_bitrate + f->audio_bitrate));

	frames = frames < longest ? frames : longest;
	frames = frames < most ? frames : most;
	return frames / gop > GROUPS_MIN ? frames / gop : GROUPS_MIN;
}

/* False, with why, where the file cannot be a slate. */
static bool
look(struct work *w, const volatile int *stop)
{
	struct chapters none = { 0 };
	struct facts tags;
	struct stat st;

	if (stat(w->path, &st) < 0) {
		w->why = xstrdup(strerror(errno));
		return false;
	}
	w->size = st.st_size;
	w->mtime_ns = st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec;
	w->asset = (struct asset){ .path = xstrdup(w->path) };
	if (S_ISREG(st.st_mode) && (w->still = still_format(w->path)) != NULL) {
		w->asset.has_video = true;
	} else {
		probe_file(w->ffprobe, w->shim, stop, &w->asset, &none,
		    &tags);
		chapters_fini(&none);
		facts_fini(&tags);
		w->asset.has_audio = false;
		if (w->asset.bad != NULL)
			w->why = xstrdup(w->asset.bad);
		else if (!w->asset.has_video)
			w->why = xstrdup("has no picture");
	}
	w->groups = groups_of(w);
	return w->why == NULL;
}

/* What was made of the file before it changed. */
static void
remove_older(const struct work *w, const char *prefix, const char *name)
{
	DIR *dp = opendir(w->state_dir);
	const char *format = strstr(name, "pad-");
	struct dirent *d;

	while (dp != NULL && (d = readdir(dp)) != NULL) {
		const char *end = strstr(d->d_name, "pad-");

		if (strncmp(d->d_name, prefix, strlen(prefix)) == 0 &&
		    strcmp(d->d_name, name) != 0 && end != NULL &&
		    strcmp(end, format) == 0)
			unlinkat(dirfd(dp), d->d_name, 0);
	}
	if (dp != NULL)
		closedir(dp);
}

static struct pad *
encode(struct work *w, const char *path, const volatile int *stop)
{
	const struct argv_child c = {
		.ffmpeg = w->ffmpeg, .caps = &w->caps, .format = &w->format,
		.asset = &w->asset, .still = w->still,
		.n1 = w->groups * w->grid.gop,
	};
	char **argv = argv_slate(&c);
	const struct padfile_job j = {
		.argv = (const char *const *)argv, .grid = &w->grid,
		.groups = w->groups, .max_bytes = MADE_MAX,
		.timeout_ms = STEP_MS, .path = path,
		.shim = w->shim, .stop = stop,
	};
	struct pad *p = padfile_make(&j, &w->errs, &w->why);

	argv_free(argv);
	return p;
}

static void
sets_change(const struct work *w, const volatile int *stop)
{
	const struct padfile_options o = {
		.ffmpeg = w->ffmpeg, .state_dir = w->state_dir,
		.caps = &w->caps, .shim = w->shim, .stop = stop,
	};

	padfile_sets_change(&o, &w->format, w->pad);
}

static void
run(void *arg, const volatile int *stop)
{
	struct work *w = arg;
	char *format, *prefix, *name, *path;

	if (!look(w, stop))
		return;
	__atomic_add_fetch(&w->steps, 1, __ATOMIC_RELAXED);
	format = argv_pad_name(&w->caps, &w->format);
	prefix = xasprintf("slate-%016" PRIx64 "-", seed_text(w->path));
	name = xasprintf("%s%" PRId64 "-%" PRId64 "-%s", prefix, w->size,
	    w->mtime_ns, format);
	path = path_resolve(w->state_dir, name);
	if ((w->pad = padfile_read(path, MADE_MAX, &w->grid, w->groups)) ==
	    NULL && (w->pad = encode(w, path, stop)) != NULL)
		remove_older(w, prefix, name);
	__atomic_add_fetch(&w->steps, 1, __ATOMIC_RELAXED);
	if (w->pad != NULL)
		sets_change(w, stop);
	free(path);
	free(name);
	free(prefix);
	free(format);
}

/* No slate has a text to draw. */
static void
caps_take(struct work *w, const struct argv_caps *caps)
{
	if (caps == NULL)
		return;
	w->caps = *caps;
	w->caps.font = NULL;
	if (caps->preset != NULL)
		w->caps.preset = w->preset = xstrdup(caps->preset);
}

static struct work *
work_new(const struct slatefile_options *o, const char *path,
    const struct format *f)
{
	struct work *w = xcalloc(1, sizeof *w);

	w->ffmpeg = xstrdup(o->ffmpeg);
	w->ffprobe = xstrdup(o->ffprobe);
	w->state_dir = xstrdup(o->state_dir);
	w->path = xstrdup(path);
	caps_take(w, o->caps);
	w->shim = shim_copy(o->shim);
	w->format = *f;
	w->grid = house_grid(f);
	return w;
}

struct pad *
slatefile_load(const struct slatefile_options *o, const char *path,
    const struct format *f, struct errs *e)
{
	struct work *w = work_new(o, path, f);
	const struct limbo_work work = {
		.run = run, .drop = drop, .arg = w, .timeout_ms = STEP_MS,
		.steps = &w->steps, .stop = o->stop,
		.place = path, .alone = true,
	};
	struct pad *p;

	if (!limbo_run(&work)) {
		errs_warn(e, path, 0, 0, "the slate cannot be made: its disk "
		    "does not answer");
		return NULL;
	}
	errs_move(e, &w->errs);
	if ((p = w->pad) == NULL)
		errs_warn(e, path, 0, 0, "the slate cannot be made: %s",
		    w->why);
	w->pad = NULL;
	drop(w);
	return p;
}
