#include "io/loader_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/discard.h"
#include "media/mono.h"
#include "media/worker.h"

#define LOOK_MS		10000	/* a look that lacked something is followed by
				 * another after so long, doubled each time ... */
#define LOOK_MAX_MS	3600000	/* ... up to this */
#define AGAIN_MS	1000	/* where there was no thread, and until what is
				 * on the air is made whole */

static struct config *
in_force(const struct loader *l)
{
	return l->current != NULL ? l->current : l->first;
}

/* A look at the libraries leaves the configuration in force, which may be
 * in the middle of being edited.  So does what follows a refusal, and then
 * ends in any case; but where the files were at fault, a configuration whose
 * reading was cut for them has its chance. */
static void
choose_config(struct loader *l)
{
	struct config *c = in_force(l);

	l->firm = false;
	l->strict = l->read_next;
	l->read_next = false;
	if (l->strict)
		return;
	if (l->resume && l->kept != NULL)
		c = l->kept;
	l->resume = false;
	l->strict = c != in_force(l);
	l->firm = !l->strict && (l->fresh || l->kept != NULL);
	l->cfg = config_ref(c);
}

static void
clock_take(struct loader *l)
{
	__atomic_store_n(&l->now_ns, l->env.now(l->env.ctx), __ATOMIC_RELAXED);
}

/* Until there is an edition that was all made after it was said. */
static void
plan_resume(struct loader *l, bool resume)
{
	__atomic_store_n(&l->resume_plan, resume, __ATOMIC_RELAXED);
}

static void begin(struct loader *l, bool wanted);

static void
on_again(uv_timer_t *t)
{
	struct loader *l = t->data;
	bool wanted = l->again;

	if (l->busy)		/* and then once more */
		return;
	l->again = false;
	begin(l, wanted);
}

/* No thread is to be had.  At the start nothing is on the air that could be
 * held up; later all stays to be done. */
static void
begin_unthreaded(struct loader *l)
{
	if (l->fresh) {
		(void)loader_main(l);
		return;
	}
	l->busy = false;
	l->again |= l->wanted;
	l->read_next |= l->wanted && l->strict && l->cfg == NULL;
	l->resume |= l->wanted && l->strict && l->cfg != NULL;
	config_free(l->cfg);
	l->cfg = NULL;
	l->waiting = l->marks;
	l->marks.n = 0;
	uv_timer_start(&l->retry, on_again, AGAIN_MS, 0);
}

static void
begin(struct loader *l, bool wanted)
{
	if (wanted) {
		uv_timer_stop(&l->look);
		choose_config(l);
	}
	l->wanted = wanted;
	l->marks = l->waiting;
	l->waiting.n = 0;
	clock_take(l);
	loader_progress(l, 0, 0);
	l->busy = true;
	l->slow = false;
	l->cut = 0;
	l->threaded = worker_start(&l->thread, loader_main, l) == 0;
	if (!l->threaded)
		begin_unthreaded(l);
	if (l->busy && wanted)
		l->env.on_begin(l->env.ctx);
}

/* The thread's results become the loop's. */
static void
finish(struct loader *l)
{
	if (l->threaded)
		pthread_join(l->thread, NULL);
	l->busy = l->threaded = false;
	errs_fini(&l->last_errs);
	l->last_errs = l->errs;
	l->errs = (struct errs){ 0 };
	l->last.number++;
	l->last.refused = l->edition == NULL;
	l->last.finished_ns = l->env.now(l->env.ctx);
	l->resume = l->resume && !l->parsed;
	if (l->edition == NULL)
		return;
	l->fresh = false;
	if (!l->again)
		plan_resume(l, false);
	config_free(l->first);
	l->first = NULL;
	l->last.counts = l->edition->counts;
	config_free(l->kept);
	l->kept = NULL;
	config_free(l->current);
	l->current = config_ref(l->edition->cfg);
}

static void
on_look(uv_timer_t *t)
{
	loader_look(t->data);
}

/* Disks are mounted late and descriptors come free: what lacked something is
 * done again soon; and now and then in any case, as files come and go.  What is
 * on the air but not whole, and what was cut, is done at once; or nearly, so
 * that who asked for what was refused can hear of it. */
static void
look_later(struct loader *l)
{
	int64_t ms = in_force(l)->station->rescan_ns / (NS_PER_S / 1000);
	int64_t soon = (int64_t)LOOK_MS << l->lacks;

	if (!l->lacking) {
		l->lacks = 0;
	} else {
		l->lacks += soon < LOOK_MAX_MS;
		if (ms == 0 || soon < ms)
			ms = soon < LOOK_MAX_MS ? soon : LOOK_MAX_MS;
	}
	if (l->kept != NULL || l->resume)
		ms = AGAIN_MS;
	if (ms > 0)
		uv_timer_start(&l->look, on_look, (uint64_t)ms, 0);
}

static struct edition *
take_offer(struct loader *l)
{
	return __atomic_exchange_n(&l->offer, NULL, __ATOMIC_ACQ_REL);
}

static void
on_offered(uv_async_t *a)
{
	struct loader *l = a->data;
	struct edition *ed = take_offer(l);
	struct config *cfg;

	if (ed == NULL)
		return;
	if (l->stop != 0 || l->cut != 0) {
		discard_edition(l->env.loop, ed);
		return;
	}
	l->slow = true;
	ed->unasked = !l->strict;
	cfg = config_ref(ed->cfg);
	if (!l->env.on_early(l->env.ctx, ed)) {
		discard_edition(l->env.loop, ed);
		config_free(cfg);
		return;
	}
	config_free(l->kept);
	l->kept = cfg;
}

/* Nobody was told of it, and nobody will be. */
static void
finish_cut(struct loader *l)
{
	if (l->threaded)
		pthread_join(l->thread, NULL);
	l->busy = l->threaded = false;
	discard_edition(l->env.loop, l->edition);
	l->edition = NULL;
	errs_fini(&l->errs);
	l->errs = (struct errs){ 0 };
	l->again = false;
	l->read_next = true;
	l->resume = true;
	begin(l, true);
}

/* Nothing but marks was asked for. */
static void
finish_marks(struct loader *l)
{
	if (l->threaded)
		pthread_join(l->thread, NULL);
	l->busy = l->threaded = false;
	l->env.on_marked(l->env.ctx, &l->errs);
	errs_fini(&l->errs);
	l->errs = (struct errs){ 0 };
}

static void
finish_edition(struct loader *l)
{
	struct edition *ed;

	discard_edition(l->env.loop, take_offer(l));
	if (l->cut != 0) {
		finish_cut(l);
		return;
	}
	finish(l);
	ed = l->edition;
	l->edition = NULL;
	if (ed != NULL)
		ed->unasked = !l->strict;
	l->env.on_loaded(l->env.ctx, ed, &l->last_errs, l->nconfig);
	look_later(l);
}

static void
on_loaded(uv_async_t *a)
{
	struct loader *l = a->data;
	bool again = l->again;

	if (l->stop != 0)
		return;
	if (l->wanted)
		finish_edition(l);
	else
		finish_marks(l);
	if (!l->busy && (again || l->waiting.n != 0)) {
		l->again = false;
		begin(l, again);
	}
}

struct loader *
loader_new(const struct loader_env *env)
{
	struct loader *l = xcalloc(1, sizeof *l);

	l->env = *env;
	l->state_dir = xstrdup(env->state_dir);
	uv_async_init(env->loop, &l->loaded, on_loaded);
	uv_async_init(env->loop, &l->offered, on_offered);
	uv_timer_init(env->loop, &l->look);
	uv_timer_init(env->loop, &l->retry);
	l->loaded.data = l->offered.data = l->look.data = l->retry.data = l;
	l->open = 4;
	return l;
}

static void
on_closed(uv_handle_t *h)
{
	struct loader *l = h->data;

	if (--l->open > 0)
		return;
	free(l->state_dir);
	free(l);
}

void
loader_stop(struct loader *l)
{
	__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&l->cut, 1, __ATOMIC_RELAXED);
	uv_timer_stop(&l->look);
	uv_timer_stop(&l->retry);
}

bool
loader_close(struct loader *l, int64_t ms)
{
	loader_stop(l);
	if (l->threaded && !mono_join(l->thread, ms))
		return false;
	edition_free(take_offer(l));
	config_free(l->started);
	config_free(l->first);
	config_free(l->kept);
	config_free(l->current);
	edition_free(l->edition);
	config_free(l->cfg);
	marks_fini(&l->marks);
	marks_fini(&l->waiting);
	errs_fini(&l->errs);
	errs_fini(&l->last_errs);
	uv_close((uv_handle_t *)&l->loaded, on_closed);
	uv_close((uv_handle_t *)&l->offered, on_closed);
	uv_close((uv_handle_t *)&l->look, on_closed);
	uv_close((uv_handle_t *)&l->retry, on_closed);
	return true;
}

void
loader_start(struct loader *l, struct config *cfg)
{
	l->first = cfg;
	l->started = config_ref(cfg);
	l->fresh = true;
	plan_resume(l, true);
	begin(l, true);
}

uint64_t
loader_ask(struct loader *l)
{
	l->read_next = true;
	l->lacks = 0;
	if (l->busy && l->wanted && (l->slow || l->kept != NULL)) {
		__atomic_store_n(&l->cut, 1, __ATOMIC_RELAXED);
		return l->last.number + 1;
	}
	if (l->busy) {
		l->again = true;
		return l->last.number + (l->wanted ? 2 : 1);
	}
	begin(l, true);
	return l->last.number + 1;
}

void
loader_look(struct loader *l)
{
	if (l->busy)
		l->again = true;
	else
		begin(l, true);
}

void
loader_step(struct loader *l)
{
	clock_take(l);
	plan_resume(l, true);
	loader_look(l);
}

void
loader_mark(struct loader *l, const char *path, const char *why)
{
	marks_add(&l->waiting, path, why);
	if (!l->busy)
		begin(l, false);
}

struct loader_state
loader_state(const struct loader *l)
{
	struct loader_state s = l->last;

	s.busy = l->busy && l->wanted;
	s.done = __atomic_load_n(&l->done, __ATOMIC_RELAXED);
	s.total = __atomic_load_n(&l->total, __ATOMIC_RELAXED);
	s.errs = &l->last_errs;
	return s;
}
