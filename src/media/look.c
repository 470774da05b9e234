#include "media/look.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "media/chapters.h"
#include "media/limbo.h"
#include "media/probe.h"
#include "plan/facts.h"
#include "plan/naming.h"

/* All its own: it may be left behind. */
struct look {
	char *ffprobe;
	struct shim *shim;
	struct asset asset;
};

static struct asset
asset_of(const char *path)
{
	return (struct asset){
		.path = xstrdup(path), .about = ASSET_ABOUT_NONE,
		.video_stream = -1, .audio_stream = -1,
	};
}

static void
look_run(void *arg, const volatile int *stop)
{
	struct look *l = arg;
	struct chapters chapters = { 0 };
	struct facts tags;

	naming_read(&l->asset, 0);
	(void)probe_file(l->ffprobe, l->shim, stop, &l->asset, &chapters,
	    &tags);
	facts_apply(&tags, &l->asset);
	naming_set_title(&l->asset);
	facts_fini(&tags);
	chapters_fini(&chapters);
}

static void
look_drop(void *arg)
{
	struct look *l = arg;

	asset_fini(&l->asset);
	shim_free(l->shim);
	free(l->ffprobe);
	free(l);
}

void
look_at(const char *ffprobe, const struct shim *shim, const char *path,
    int timeout_ms, const volatile int *stop, struct asset *a)
{
	struct look *l = xcalloc(1, sizeof *l);
	const struct limbo_work work = {
		.run = look_run, .drop = look_drop, .arg = l,
		.timeout_ms = timeout_ms, .stop = stop,
		.place = path, .alone = true,
	};

	l->ffprobe = xstrdup(ffprobe);
	l->shim = shim_copy(shim);
	l->asset = asset_of(path);
	if (limbo_run(&work)) {
		*a = l->asset;
		l->asset = (struct asset){ 0 };
		look_drop(l);
		return;
	}
	*a = asset_of(path);
	a->bad = xasprintf("no answer within %d s", timeout_ms / 1000);
}
