#include "io/planner.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "io/logfile.h"
#include "media/mono.h"
#include "media/tlogfile.h"
#include "media/worker.h"

#define LOOK_NS		(5 * NS_PER_S)	/* from look to look */
#define AHEAD_S		(86400 + 600)	/* more than a day */
#define DAYS_MAX	(1 + TLOGFILE_AHEAD)	/* that this can take */
#define GUIDE_BACK	1		/* days that the guide begins earlier */
#define NICE		5

/* What the thread is to do; and what it has done. */
struct task {
	STAILQ_ENTRY(task) link;
	struct edition *edition;
	bool drop;			/* only free it */
	bool guides;			/* the guide, not days */
	size_t channel;
	struct tlogfile_start start;
	int64_t today;
	size_t ndays;
	struct day *days[DAYS_MAX];	/* the answer, and errno ... */
	int error;			/* ... where they cannot be stored */
	struct guide *guide;		/* the other answer */
	struct errs errs;		/* logs that cannot be believed */
};

STAILQ_HEAD(tasks, task);

/* How far a channel is planned; the loop's. */
struct reach {
	int64_t date;			/* the last day; -1: none */
	int64_t kept;			/* timeline_kept_until() then */
	bool guide;			/* is to follow */
};

struct planner {
	char *dir;
	uv_async_t done;
	struct edition *edition;	/* on the air; NULL: none yet */
	struct reach *reach;		/* by its channels */
	struct guides *guides;
	int64_t look_ns;

	pthread_t thread;
	pthread_mutex_t mutex;		/* for what is below */
	pthread_cond_t cond;
	struct tasks todo, ready;
	bool stop;
};

/* ---- The thread */

static void
task_free(struct task *k)
{
	if (k->drop)
		edition_free(k->edition);
	for (size_t i = 0; i < k->ndays; i++)
		day_free(k->days[i]);
	guide_unref(k->guide);
	errs_fini(&k->errs);
	free(k);
}

static bool
is_stopped(struct planner *p)
{
	bool stop;

	pthread_mutex_lock(&p->mutex);
	stop = p->stop;
	pthread_mutex_unlock(&p->mutex);
	return stop;
}

static void
plan_days(struct planner *p, struct task *k, struct timeline *t)
{
	for (size_t i = 0; i < k->ndays && !is_stopped(p); i++) {
		int64_t date = k->today + (int64_t)i;

		k->days[i] = timeline_plan(t, date);
		if (tlogfile_save(p->dir, t, date) < 0 && k->error == 0)
			k->error = errno;
	}
	tlogfile_forget(p->dir, timeline_chan(t)->slug, k->today);
}

/* From yesterday, for who wants to know what was on.  The last day that is
 * planned may be the day after tomorrow already: then the next guide is a day
 * off, and until then this one is to reach far enough. */
static void
make_guide(struct planner *p, struct task *k, struct timeline *t)
{
	int64_t date = k->today - GUIDE_BACK, from;
	int64_t end = k->today + (int64_t)k->ndays - 1 +
	    k->edition->cfg->station->guide_days;

	/* Frames are counted from 1970, where a machine without a clock may
	 * believe to be. */
	while (timeline_day(t, date + 1) <= 0)
		date++;
	from = timeline_day(t, date);
	k->guide = guide_new(t, from > 0 ? from : 0,
	    timeline_day(t, date + 1));
	while (++date < end && !is_stopped(p))
		guide_extend(k->guide, t, timeline_day(t, date + 1));
}

/* With a timeline of its own: the loop's is the loop's. */
static void
task_plan(struct planner *p, struct task *k)
{
	const struct edition *ed = k->edition;
	const struct chan *ch = ed->cfg->chans[k->channel];
	struct timeline *t = timeline_new(ch, ed->library,
	    ed->zones[k->channel], ed->cfg->station->since_days);

	tlogfile_start(t, &k->start, &k->errs);
	if (k->guides)
		make_guide(p, k, t);
	else
		plan_days(p, k, t);
	timeline_free(t);
}

/* The next task, or NULL when it is time to go. */
static struct task *
task_take(struct planner *p)
{
	struct task *k = NULL;

	pthread_mutex_lock(&p->mutex);
	while (!p->stop && STAILQ_EMPTY(&p->todo))
		pthread_cond_wait(&p->cond, &p->mutex);
	if (!p->stop) {
		k = STAILQ_FIRST(&p->todo);
		STAILQ_REMOVE_HEAD(&p->todo, link);
	}
	pthread_mutex_unlock(&p->mutex);
	return k;
}

/* The handle is there as long as nobody has said stop. */
static void
task_done(struct planner *p, struct task *k)
{
	pthread_mutex_lock(&p->mutex);
	STAILQ_INSERT_TAIL(&p->ready, k, link);
	if (!p->stop)
		uv_async_send(&p->done);
	pthread_mutex_unlock(&p->mutex);
}

static void *
thread_main(void *arg)
{
	struct planner *p = arg;
	struct task *k;

	/* On Linux a thread has a nice value of its own. */
	setpriority(PRIO_PROCESS, 0, NICE);
	while ((k = task_take(p)) != NULL) {
		if (k->drop) {
			task_free(k);
			continue;
		}
		task_plan(p, k);
		task_done(p, k);
	}
	return NULL;
}

/* ---- The loop */

static void
put(struct planner *p, struct task *k)
{
	pthread_mutex_lock(&p->mutex);
	STAILQ_INSERT_TAIL(&p->todo, k, link);
	pthread_cond_signal(&p->cond);
	pthread_mutex_unlock(&p->mutex);
}

static void
hand_over_days(struct planner *p, struct task *k)
{
	const struct chan *ch = p->edition->cfg->chans[k->channel];

	for (size_t i = 0; i < k->errs.n; i++)
		logfile(LOG_WARN, "tlog_damaged", "channel=%s file=%s text=%s",
		    logfile_value(ch->number),
		    logfile_value(k->errs.items[i].file),
		    logfile_value(k->errs.items[i].text));
	if (k->error != 0)
		logfile(LOG_WARN, "tlog_failed", "channel=%s text=%s",
		    logfile_value(ch->number),
		    logfile_value(strerror(k->error)));
	else
		logfile(LOG_INFO, "tlog", "channel=%s days=%zu",
		    logfile_value(ch->number), k->ndays);
	for (size_t i = 0; i < k->ndays; i++) {
		timeline_put(p->edition->timelines[k->channel], k->days[i]);
		k->days[i] = NULL;
	}
}

/* What is of an edition that is no more is nobody's. */
static void
hand_over(struct planner *p, struct task *k)
{
	if (k->edition != p->edition)
		return;
	if (!k->guides) {
		hand_over_days(p, k);
		return;
	}
	guides_put(p->guides, k->channel, k->guide);
	k->guide = NULL;
}

static void
ready_take(struct planner *p)
{
	struct tasks ready = STAILQ_HEAD_INITIALIZER(ready);
	struct task *k;

	pthread_mutex_lock(&p->mutex);
	STAILQ_CONCAT(&ready, &p->ready);
	pthread_mutex_unlock(&p->mutex);
	while ((k = STAILQ_FIRST(&ready)) != NULL) {
		STAILQ_REMOVE_HEAD(&ready, link);
		hand_over(p, k);
		task_free(k);
	}
}

static void
on_done(uv_async_t *a)
{
	ready_take(a->data);
}

/* What has aired and what is on stands as it is stored; so does what the
 * timeline keeps, unless that has been let go before its time. */
static struct task *
task_new(struct planner *p, size_t i, int64_t now_ns, int64_t today,
    size_t ndays)
{
	const struct edition *ed = p->edition;
	int64_t now = rate_frame_at(ed->cfg->chans[i]->format.rate, now_ns);
	int64_t kept = timeline_kept_until(ed->timelines[i]);
	bool let_go = kept == 0 && p->reach[i].kept > now;
	struct task *k = xcalloc(1, sizeof *k);

	k->edition = p->edition;
	k->channel = i;
	k->today = today;
	k->ndays = ndays;
	k->start = (struct tlogfile_start){
		.dir = p->dir, .library = ed->library, .now_ns = now_ns,
		.lock_s = let_go ? -1 : 0, .until = let_go ? now : kept,
	};
	return k;
}

static void
channel_step(struct planner *p, size_t i, int64_t now_ns)
{
	struct edition *ed = p->edition;
	const struct chan *ch = ed->cfg->chans[i];
	int64_t now_s = now_ns / NS_PER_S;
	int64_t today = day_of(ch, ed->zones[i], now_s);
	int64_t last = day_of(ch, ed->zones[i], now_s + AHEAD_S);
	int64_t kept = timeline_kept_until(ed->timelines[i]);
	struct reach *r = &p->reach[i];

	if (last < today + 1)
		last = today + 1;
	if (last > today + DAYS_MAX - 1)
		last = today + DAYS_MAX - 1;
	if (r->date == last && r->kept == kept)
		return;
	/* The clock was set by weeks: there is an edition on its way. */
	if (!timeline_knows(ed->timelines[i], rate_frame_at(ch->format.rate,
	    now_ns)))
		return;
	put(p, task_new(p, i, now_ns, today, (size_t)(last - today + 1)));
	*r = (struct reach){ last, kept, true };
}

/* After all days: these are needed sooner. */
static void
guide_step(struct planner *p, size_t i, int64_t now_ns)
{
	const struct edition *ed = p->edition;
	struct reach *r = &p->reach[i];
	int64_t today = day_of(ed->cfg->chans[i], ed->zones[i],
	    now_ns / NS_PER_S);
	struct task *k;

	if (!r->guide)
		return;
	r->guide = false;
	k = task_new(p, i, now_ns, today, (size_t)(r->date - today + 1));
	k->guides = true;
	put(p, k);
}

void
planner_step(struct planner *p, int64_t now_ns)
{
	if (p == NULL || p->edition == NULL || p->edition->early ||
	    (now_ns < p->look_ns && now_ns >= p->look_ns - LOOK_NS))
		return;
	p->look_ns = now_ns + LOOK_NS;
	for (size_t i = 0; i < p->edition->cfg->nchans; i++)
		channel_step(p, i, now_ns);
	for (size_t i = 0; i < p->edition->cfg->nchans; i++)
		guide_step(p, i, now_ns);
}

/* What was to be planned of it need not be. */
static void
edition_drop(struct planner *p, struct edition *ed)
{
	struct tasks gone = STAILQ_HEAD_INITIALIZER(gone);
	struct task *k;

	pthread_mutex_lock(&p->mutex);
	STAILQ_CONCAT(&gone, &p->todo);
	while ((k = STAILQ_FIRST(&gone)) != NULL) {
		STAILQ_REMOVE_HEAD(&gone, link);
		if (k->edition == ed && !k->drop)
			task_free(k);
		else
			STAILQ_INSERT_TAIL(&p->todo, k, link);
	}
	pthread_mutex_unlock(&p->mutex);
	k = xcalloc(1, sizeof *k);
	k->edition = ed;
	k->drop = true;
	put(p, k);
}

void
planner_take(struct planner *p, struct edition *ed, int64_t now_ns)
{
	/* Before another edition can have the address of one that is gone. */
	ready_take(p);
	if (p->edition != NULL)
		edition_drop(p, p->edition);
	free(p->reach);
	p->edition = ed;
	p->reach = xcalloc(ed->cfg->nchans, sizeof *p->reach);
	for (size_t i = 0; i < ed->cfg->nchans; i++)
		p->reach[i].date = -1;
	p->look_ns = now_ns;
	if (!ed->early)
		guides_begin(p->guides, ed->cfg->station, ed->cfg->nchans);
	planner_step(p, now_ns);
}

struct planner *
planner_new(uv_loop_t *loop, const char *state_dir, struct guides *guides)
{
	struct planner *p = xcalloc(1, sizeof *p);

	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->cond, NULL);
	STAILQ_INIT(&p->todo);
	STAILQ_INIT(&p->ready);
	if (worker_start(&p->thread, thread_main, p) != 0) {
		free(p);
		return NULL;
	}
	p->dir = tlogfile_dir(state_dir);
	p->guides = guides;
	uv_async_init(loop, &p->done, on_done);
	p->done.data = p;
	return p;
}

static void
tasks_free(struct tasks *tasks)
{
	struct task *k;

	while ((k = STAILQ_FIRST(tasks)) != NULL) {
		STAILQ_REMOVE_HEAD(tasks, link);
		task_free(k);
	}
}

static void
on_closed(uv_handle_t *h)
{
	struct planner *p = h->data;

	free(p->reach);
	free(p->dir);
	free(p);
}

bool
planner_close(struct planner *p, int64_t ms)
{
	if (p == NULL)
		return true;
	pthread_mutex_lock(&p->mutex);
	p->stop = true;
	pthread_cond_signal(&p->cond);
	pthread_mutex_unlock(&p->mutex);
	if (!mono_join(p->thread, ms))
		return false;
	tasks_free(&p->todo);
	tasks_free(&p->ready);
	uv_close((uv_handle_t *)&p->done, on_closed);
	return true;
}
