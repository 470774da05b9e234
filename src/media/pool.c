/* Workers take jobs in order and push them on a list when they have an
 * answer; the caller's thread takes the list and hands the answers on.  The
 * disk is only touched in limbo, on copies. */

#include "media/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/xmem.h"
#include "media/answer.h"
#include "media/limbo.h"
#include "media/mono.h"
#include "media/probe.h"
#include "media/worker.h"

#define MAX_THREADS	64
#define ANSWERS_MS	500		/* at least as often */
#define PROBE_NICE	10		/* what is on air goes first */
#define DEAD_AFTER	4		/* files left behind on one disk */
#define DISKS_MAX	64

/* Disks that have not answered. */
struct disks {
	struct { uint64_t device; int left; } v[DISKS_MAX];
	size_t n;
};

struct pool {
	const struct pool_options *o;
	struct pool_job *jobs;
	size_t n;
	pthread_mutex_t mutex;
	pthread_cond_t answered;
	size_t next, done;		/* these guarded by mutex */
	struct pool_job *answers;
	struct disks disks;
	bool lacking;			/* what asking takes */
};

/* A copy for limbo. */
struct probing {
	char *ffprobe;
	struct shim *shim;
	struct asset asset;
	struct chapters chapters;
	struct facts tags;
	enum probe_answer answer;
};

static bool
is_stopped(const struct pool_options *o)
{
	return o->stop != NULL &&
	    __atomic_load_n(o->stop, __ATOMIC_RELAXED) != 0;
}

static void
probing_run(void *arg, const volatile int *stop)
{
	struct probing *p = arg;

	p->answer = probe_file(p->ffprobe, p->shim, stop, &p->asset,
	    &p->chapters, &p->tags);
}

static void
probing_drop(void *arg)
{
	struct probing *p = arg;

	free(p->ffprobe);
	shim_free(p->shim);
	free(p->asset.path);
	free(p->asset.audio);
	free(p->asset.bad);
	chapters_fini(&p->chapters);
	facts_fini(&p->tags);
	free(p);
}

/* What the probe has said is the job's; the copy keeps nothing of it. */
static void
take_answer(struct pool_job *j, struct probing *p)
{
	struct asset got = p->asset;

	got.path = j->asset->path;
	got.title = j->asset->title;
	got.type = j->asset->type;
	got.about = j->asset->about;
	*j->asset = got;
	j->chapters = p->chapters;
	j->tags = p->tags;
	j->answer = p->answer;
	p->asset.audio = NULL;
	p->asset.bad = NULL;
	p->chapters = (struct chapters){ 0 };
	p->tags = (struct facts)FACTS_NONE;
}

/* False where it was left behind. */
static bool
probe(const struct pool *p, struct pool_job *j)
{
	struct probing *copy = xcalloc(1, sizeof *copy);
	struct limbo_work work = {
		.run = probing_run, .drop = probing_drop, .arg = copy,
		.timeout_ms = p->o->patience_ms, .stop = p->o->stop,
		.place = j->file->path,
	};

	copy->ffprobe = xstrdup(p->o->ffprobe);
	copy->shim = shim_copy(p->o->shim);
	copy->asset.path = xstrdup(j->file->path);
	copy->asset.video_stream = copy->asset.audio_stream = -1;
	if (!limbo_run(&work)) {
		answer_set_bad(j->asset, "its disk does not answer");
		return false;
	}
	take_answer(j, copy);
	probing_drop(copy);
	return true;
}

static bool
is_dead(const struct disks *d, uint64_t device)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].device == device)
			return d->v[i].left >= DEAD_AFTER;
	return false;
}

static void
note_left(struct disks *d, uint64_t device)
{
	size_t i = 0;

	while (i < d->n && d->v[i].device != device)
		i++;
	if (i == DISKS_MAX)
		return;
	if (i == d->n)
		d->n++;
	d->v[i].device = device;
	d->v[i].left++;
}

/* The next job and whether its disk is worth the try, NULL at the end. */
static struct pool_job *
take_job(struct pool *p, bool *dead, bool *lacking)
{
	struct pool_job *j = NULL;

	pthread_mutex_lock(&p->mutex);
	if (p->next < p->n) {
		j = &p->jobs[p->next++];
		j->tags = (struct facts)FACTS_NONE;
		*dead = is_dead(&p->disks, j->file->device);
		*lacking = p->lacking;
	}
	pthread_mutex_unlock(&p->mutex);
	return j;
}

static void
end_job(struct pool *p, struct pool_job *j, bool left)
{
	pthread_mutex_lock(&p->mutex);
	if (left)
		note_left(&p->disks, j->file->device);
	j->next = p->answers;
	p->answers = j;
	p->done++;
	p->lacking |= j->answer == PROBE_UNASKED;
	pthread_cond_signal(&p->answered);
	pthread_mutex_unlock(&p->mutex);
}

static void
not_asked(struct pool_job *j)
{
	answer_set_bad(j->asset, "not probed: the system lacks what it takes");
	j->answer = PROBE_UNASKED;
}

static void
work(struct pool *p)
{
	struct pool_job *j;
	bool dead, left, lacking;

	while ((j = take_job(p, &dead, &lacking)) != NULL) {
		left = false;
		if (is_stopped(p->o))
			answer_set_bad(j->asset, "not probed: stopped");
		else if (dead)
			answer_set_bad(j->asset,
			    "not probed: its disk does not answer");
		else if (lacking)
			not_asked(j);
		else
			left = !probe(p, j) && !is_stopped(p->o);
		end_job(p, j, left);
	}
}

static void *
worker_run(void *arg)
{
	/* On Linux a thread has a nice value of its own, which the threads
	 * and programs that it starts inherit. */
	setpriority(PRIO_PROCESS, 0, PROBE_NICE);
	work(arg);
	return NULL;
}

/* The answers there are; waits for ANSWERS_MS or until all have ended. */
static struct pool_job *
take_answers(struct pool *p, size_t *done)
{
	struct timespec at = mono_after(ANSWERS_MS);
	struct pool_job *j;

	pthread_mutex_lock(&p->mutex);
	while (p->done < p->n && pthread_cond_timedwait(&p->answered,
	    &p->mutex, &at) == 0)
		;
	j = p->answers;
	p->answers = NULL;
	*done = p->done;
	pthread_mutex_unlock(&p->mutex);
	return j;
}

static void
hand_on(struct pool *p)
{
	struct pool_job *j, *next;
	size_t done;

	do {
		for (j = take_answers(p, &done); j != NULL; j = next) {
			next = j->next;
			p->o->on_answer(p->o->ctx, j, done);
		}
		p->o->on_answer(p->o->ctx, NULL, done);
	} while (done < p->n);
}

static size_t
thread_count(const struct pool *p)
{
	size_t n = p->o->threads < 1 ? 1 : (size_t)p->o->threads;

	if (n > MAX_THREADS)
		n = MAX_THREADS;
	return n < p->n ? n : p->n;
}

static void
pool_init(struct pool *p, const struct pool_options *o)
{

	p->o = o;
	pthread_mutex_init(&p->mutex, NULL);
	mono_cond_init(&p->answered);
}

void
pool_run(struct pool_job *jobs, size_t n, const struct pool_options *o)
{
	struct pool p = { .jobs = jobs, .n = n };
	pthread_t threads[MAX_THREADS];
	size_t started;

	pool_init(&p, o);
	started = worker_start_all(threads, thread_count(&p), worker_run, &p);
	if (started == 0 && n > 0)
		work(&p);		/* no thread to be had: as it is */
	hand_on(&p);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&p.answered);
	pthread_mutex_destroy(&p.mutex);
}
