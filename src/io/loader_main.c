/* The thread: it reads the files and the library, and says nothing to the loop
 * but that there is something to be had. */

#include "io/loader_parts.h"

#include <stdlib.h>

#include "base/xmem.h"

void
loader_progress(void *ctx, size_t done, size_t total)
{
	struct loader *l = ctx;

	__atomic_store_n(&l->done, done, __ATOMIC_RELAXED);
	__atomic_store_n(&l->total, total, __ATOMIC_RELAXED);
}

/* A channel for which the edition would be refused if all were known by now has
 * to wait: what more files there are may mend that. */
static void
hold_faulty(struct edition *ed)
{
	for (size_t i = 0; i < ed->cfg->nchans; i++) {
		struct errs unsaid = { 0 };

		if (ed->waits[i] != EDITION_GOES)
			continue;
		timeline_check(ed->timelines[i], true, &unsaid);
		if (unsaid.faults > 0)
			ed->waits[i] = EDITION_WAITS_LIBRARY;
		errs_fini(&unsaid);
	}
}

/* One that the loop has not taken yet is out of date. */
static void
on_early(void *ctx, struct edition *ed)
{
	struct loader *l = ctx;

	if (l->strict)
		hold_faulty(ed);
	edition_free(__atomic_exchange_n(&l->offer, ed, __ATOMIC_ACQ_REL));
	uv_async_send(&l->offered);
}

/* What a reload does not put on the air: a plan with faults; a channel that
 * has no pad; files that nobody could ask, for want of descriptors say, as if
 * they were bad. */
static bool
is_refused(struct loader *l)
{
	const struct edition *ed = l->edition;

	if (ed->faults > 0)
		return true;
	for (size_t i = 0; i < ed->cfg->nchans; i++)
		if (ed->pads[i] == NULL)
			return true;
	if (ed->counts.unasked == 0)
		return false;
	errs_fault(&l->errs, l->env.config, 0, 0, "%zu files could not be "
	    "looked at: the system lacks what that takes",
	    ed->counts.unasked);
	return true;
}

/* What only a start changes stays as it was. */
static void
start_keep(struct loader *l, struct station *st)
{
	const struct station *started = l->started->station;
	struct buf keys = { 0 };
	size_t n = station_start_keys(started, st, &keys);

	if (n > 0)
		errs_warn(&l->errs, l->env.config, 0, 0, "%s take%s effect at "
		    "the next start", buf_str(&keys), n == 1 ? "s" : "");
	buf_fini(&keys);
	station_start_keep(started, st);
}

static void
load(struct loader *l)
{
	struct edition_options o = {
		.ffmpeg = l->env.ffmpeg,
		.ffprobe = l->env.ffprobe,
		.shim = l->env.shim,
		.state_dir = l->state_dir,
		.now_ns = &l->now_ns,
		.resume = &l->resume_plan,
		.strict = l->strict,
		.progress = loader_progress,
		.early = on_early,
		.ctx = l,
		.stop = &l->cut,
	};
	bool given = l->cfg != NULL;
	struct config *cfg = l->cfg;

	l->cfg = NULL;
	l->parsed = false;
	if (!given)
		cfg = config_load(l->env.config, &l->errs);
	l->nconfig = l->errs.n;
	if (cfg == NULL)
		return;
	if (l->errs.faults != 0) {
		config_free(cfg);
		return;
	}
	if (!given)
		start_keep(l, cfg->station);
	l->nconfig = l->errs.n;
	l->parsed = true;
	l->edition = edition_new(cfg, &o, &l->errs);
	l->lacking = l->edition != NULL && (!l->edition->counts.whole ||
	    l->edition->counts.unasked > 0);
	if (!l->firm && l->edition != NULL && is_refused(l)) {
		edition_free(l->edition);
		l->edition = NULL;
	}
}

void *
loader_main(void *arg)
{
	struct loader *l = arg;

	marks_note(&l->marks, l->state_dir, &l->stop, &l->errs);
	if (l->wanted)
		load(l);
	uv_async_send(&l->loaded);
	return NULL;
}
