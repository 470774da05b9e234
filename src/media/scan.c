#include "media/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/cache.h"
#include "media/probe.h"
#include "media/title.h"
#include "media/walk.h"
#include "plan/sidecar.h"

#define MAX_YAML	((size_t)16 << 20)	/* bytes; node.h's limit */
#define READ_SIZE	65536
#define MAX_JOBS	64
#define PROGRESS_MS	500
#define PROBE_NICE	10			/* what is on air goes first */

/* One file that the cache does not know. */
struct job {
	struct asset *asset;
	const struct walk_file *file;
	bool final;			/* worth remembering */
};

/* Jobs are taken in order under the mutex; a job belongs to who took it. */
struct pool {
	const struct scan_options *o;
	struct job *jobs;
	size_t n, cap;
	size_t next, done;		/* guarded by mutex */
	pthread_mutex_t mutex;
	pthread_cond_t one_done;
};

static bool
is_stopped(const struct scan_options *o)
{
	return o->stop != NULL &&
	    __atomic_load_n(o->stop, __ATOMIC_RELAXED) != 0;
}

static struct job *
take_job(struct pool *p)
{
	struct job *j = NULL;

	pthread_mutex_lock(&p->mutex);
	if (p->next < p->n)
		j = &p->jobs[p->next++];
	pthread_mutex_unlock(&p->mutex);
	return j;
}

static void
end_job(struct pool *p)
{
	pthread_mutex_lock(&p->mutex);
	p->done++;
	pthread_cond_signal(&p->one_done);
	pthread_mutex_unlock(&p->mutex);
}

static void *
work(void *ctx)
{
	struct pool *p = ctx;
	struct job *j;

	/* On Linux a thread has a nice value of its own, which the programs
	 * that it starts inherit. */
	setpriority(PRIO_PROCESS, 0, PROBE_NICE);
	while ((j = take_job(p)) != NULL) {
		if (is_stopped(p->o))
			j->asset->bad = xstrdup("not probed: stopped");
		else
			j->final = probe_file(p->o->ffprobe, p->o->stop,
			    j->asset);
		end_job(p);
	}
	return NULL;
}

/* The process's signals are for its other threads. */
static size_t
start_workers(struct pool *p, pthread_t *threads, size_t n)
{
	sigset_t all, before;
	size_t i;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	for (i = 0; i < n; i++) {
		if (pthread_create(&threads[i], NULL, work, p) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return i;
}

static void
say_progress(const struct scan_options *o, size_t done, size_t total)
{
	if (o->progress != NULL)
		o->progress(o->ctx, done, total);
}

static struct timespec
deadline_in_ms(long ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_nsec += ms * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

/* Until all are done; known files need none and count as done. */
static void
watch(struct pool *p, size_t known)
{
	struct timespec at = deadline_in_ms(PROGRESS_MS);
	size_t done;

	pthread_mutex_lock(&p->mutex);
	while (p->done < p->n) {
		if (pthread_cond_timedwait(&p->one_done, &p->mutex, &at) == 0)
			continue;
		done = p->done;
		pthread_mutex_unlock(&p->mutex);
		say_progress(p->o, known + done, known + p->n);
		at = deadline_in_ms(PROGRESS_MS);
		pthread_mutex_lock(&p->mutex);
	}
	pthread_mutex_unlock(&p->mutex);
}

static size_t
worker_count(const struct pool *p)
{
	size_t n = p->o->jobs < 1 ? 1 : (size_t)p->o->jobs;

	if (n > MAX_JOBS)
		n = MAX_JOBS;
	return n < p->n ? n : p->n;
}

static void
pool_init(struct pool *p, const struct scan_options *o)
{
	pthread_condattr_t attr;

	*p = (struct pool){ .o = o };
	pthread_mutex_init(&p->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->one_done, &attr);
	pthread_condattr_destroy(&attr);
}

static void
pool_fini(struct pool *p)
{
	pthread_cond_destroy(&p->one_done);
	pthread_mutex_destroy(&p->mutex);
	free(p->jobs);
}

static void
pool_add(struct pool *p, struct asset *a, const struct walk_file *f)
{
	xgrow(&p->jobs, &p->cap, p->n + 1, sizeof *p->jobs);
	p->jobs[p->n++] = (struct job){ .asset = a, .file = f };
}

static void
pool_run(struct pool *p, size_t known)
{
	pthread_t threads[MAX_JOBS];
	size_t i, n;

	n = start_workers(p, threads, worker_count(p));
	if (n == 0)
		work(p);		/* no thread to be had */
	watch(p, known);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	say_progress(p->o, known + p->n, known + p->n);
}

static void
find_files(struct walk *w, const struct station *st,
    const struct scan_options *o, struct errs *e)
{
	const struct station_library *l;

	for (size_t i = 0; i < st->nlibraries; i++) {
		l = &st->libraries[i];
		walk_library(w, l->path, l->type, o->stop, e);
	}
	for (size_t i = 0; i < o->nextra; i++)
		walk_add(w, o->extra[i], ASSET_filler);
	walk_sort(w);
}

static void
asset_init(struct asset *a, const struct walk_file *f)
{
	*a = (struct asset){
		.path = xstrdup(f->path),
		.title = title_of_path(f->path),
		.type = f->type,
		.video_stream = -1,
		.audio_stream = -1,
	};
}

/* Durations and streams, from the cache or from ffprobe. */
static void
probe_all(struct library *l, const struct walk *w, struct cache *c,
    const struct scan_options *o)
{
	struct pool pool;

	pool_init(&pool, o);
	for (size_t i = 0; i < l->n; i++) {
		if (!cache_get(c, &w->files[i], &l->assets[i]))
			pool_add(&pool, &l->assets[i], &w->files[i]);
	}
	pool_run(&pool, l->n - pool.n);
	for (size_t i = 0; i < pool.n; i++) {
		if (pool.jobs[i].final)
			cache_put(c, pool.jobs[i].file, pool.jobs[i].asset);
	}
	pool_fini(&pool);
}

static void
drop_asset(struct asset *a, char *why)
{
	free(a->markers);
	a->markers = NULL;
	a->nmarkers = 0;
	a->duration_us = 0;
	a->has_video = a->has_audio = false;
	a->video_stream = a->audio_stream = -1;
	a->bad = why;
}

static void
read_sidecar(struct asset *a, struct errs *e)
{
	char *path = xasprintf("%s.yaml", a->path);
	struct stat st;

	/* Anything but "there is none" is for sidecar_load() to complain
	 * about; a name with no room for ".yaml" has none. */
	if (lstat(path, &st) < 0 && (errno == ENOENT || errno == ENAMETOOLONG))
		goto out;
	if (sidecar_load(path, scan_read_file, NULL, a, e) < 0)
		drop_asset(a, xstrdup("its sidecar is faulty"));
out:
	free(path);
}

static void
finish_asset(struct asset *a, struct errs *e)
{
	if (a->bad == NULL)
		read_sidecar(a, e);
	if (a->bad != NULL)
		errs_warn(e, a->path, 0, 0, "cannot air: %s", a->bad);
}

struct library *
scan_library(const struct station *st, const struct scan_options *o,
    struct errs *e)
{
	struct library *l = xcalloc(1, sizeof *l);
	struct cache *c = cache_open(st->state_dir, e);
	struct walk w = { 0 };
	size_t i;

	find_files(&w, st, o, e);
	l->n = w.n;
	l->assets = xcalloc(l->n, sizeof *l->assets);
	for (i = 0; i < l->n; i++)
		asset_init(&l->assets[i], &w.files[i]);
	probe_all(l, &w, c, o);
	for (i = 0; i < l->n && !is_stopped(o); i++)
		finish_asset(&l->assets[i], e);
	cache_close(c, !w.partial && !is_stopped(o), e);
	walk_fini(&w);
	return l;
}

/* Read to the end, or one byte past the limit for the reader to notice. */
static int
read_all(int fd, struct buf *out)
{
	size_t room;
	ssize_t n;

	while ((room = MAX_YAML + 1 - out->len) > 0) {
		if (room > READ_SIZE)
			room = READ_SIZE;
		n = read(fd, buf_extend(out, room), room);
		out->len -= room - (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -1;
	}
	return 0;
}

int
scan_read_file(void *ctx, const char *path, struct buf *out,
    const char **why)
{
	struct stat st;
	int fd = -1, rc = -1;

	(void)ctx;
	buf_reset(out);
	/* Not opened before its kind is known: a FIFO would wait. */
	if (stat(path, &st) < 0)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		*why = "not a regular file";
		return -1;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, out) < 0)
		goto out;
	rc = 0;
out:
	if (rc < 0)
		*why = strerror(errno);
	if (fd >= 0)
		close(fd);
	return rc;
}
