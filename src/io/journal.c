#include "io/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/outfile.h"
#include "media/mono.h"
#include "media/worker.h"

#define QUEUE_MAX	((size_t)4 << 20)	/* bytes */
#define RESERVE		((size_t)1 << 20)	/* of them for synced logs */
#define BATCH		256		/* lines, synced together at most */
#define RETRY_S		1	/* the main log while it fails; what waits */

struct journal_log {
	struct journal_log *next;
	char *name;
	uint64_t lost;		/* lines not told of yet; guarded */
	struct outfile file;	/* the thread's */
	bool failing;		/* so is that */
};

struct entry {
	struct entry *next;
	struct journal_log *log;	/* NULL: a call */
	void (*run)(void *arg);
	void *arg;
	char *path, *head;	/* or NULL */
	char *line;
	size_t len;
};

struct journal {
	journal_tell_fn *tell;
	struct journal_log *main;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex;
	pthread_cond_t work;	/* there is something in the queue */
	pthread_cond_t ended;
	/* Guarded by the mutex: */
	struct journal_log *logs;
	struct entry *first, **last;
	size_t queued;		/* bytes */
	uint64_t lost;		/* lines, ever */
	bool reopen, ending, done;
	bool waits;		/* the thread, for a descriptor */
};

/* ---- Logs; only the thread is here */

static void
lost_add(struct journal *j, struct journal_log *g, uint64_t n)
{
	if (n == 0)
		return;
	pthread_mutex_lock(&j->mutex);
	g->lost += n;
	j->lost += n;
	pthread_mutex_unlock(&j->mutex);
}

static void
log_close(struct journal *j, struct journal_log *g)
{
	lost_add(j, g, outfile_close(&g->file));
}

/* 0 or why not. */
static int
log_write(struct journal *j, struct journal_log *g, const char *path,
    const char *head, const char *line, size_t len)
{
	if (g->file.path != NULL && strcmp(g->file.path, path) != 0)
		log_close(j, g);
	return outfile_write(&g->file, path, head, line, len);
}

/* A word about log g in the main log; false where that fails, too. */
static bool
tell(struct journal *j, const struct journal_log *g, const char *path,
    int error, uint64_t lost)
{
	struct buf line = { 0 };
	int failed;

	j->tell(&line, path != NULL ? path : g->name, error, lost);
	failed = log_write(j, j->main, j->main->name, NULL,
	    (const char *)line.data, line.len);
	buf_fini(&line);
	return failed == 0;
}

/* The log works: say what it has missed. */
static void
lost_tell(struct journal *j, struct journal_log *g)
{
	uint64_t n;

	pthread_mutex_lock(&j->mutex);
	n = g->lost;
	g->lost = 0;
	pthread_mutex_unlock(&j->mutex);
	if (n == 0 || tell(j, g, g->file.path, 0, n))
		return;
	pthread_mutex_lock(&j->mutex);
	g->lost += n;
	pthread_mutex_unlock(&j->mutex);
}

static void
log_failed(struct journal *j, struct journal_log *g, const char *path,
    int error)
{
	lost_add(j, g, 1);
	if (!g->failing && g != j->main)
		tell(j, g, path, error, 0);
	g->failing = true;
	/* It may be another file when it is looked for again. */
	log_close(j, g);
}

/* What somebody else's closing of a file mends. */
static bool
is_short_of_descriptors(int error)
{
	return error == EMFILE || error == ENFILE;
}

/* False where there is no descriptor to be had, and e is worth waiting for
 * one. */
static bool
deliver(struct journal *j, const struct entry *e, bool patient)
{
	struct journal_log *g = e->log;
	const char *path = e->path != NULL ? e->path : g->name;
	int error = log_write(j, g, path, e->head, e->line, e->len);

	if (patient && is_short_of_descriptors(error))
		return false;
	if (error != 0) {
		log_failed(j, g, path, error);
		return true;
	}
	g->failing = false;
	lost_tell(j, g);
	return true;
}

/* ---- The queue */

static struct entry *
entry_new(struct journal_log *g, const char *path, const char *head,
    const char *line, size_t len)
{
	struct entry *e = xcalloc(1, sizeof *e);

	e->log = g;
	e->path = path != NULL ? xstrdup(path) : NULL;
	e->head = head != NULL ? xstrdup(head) : NULL;
	e->line = xstrndup(line, len);
	e->len = strlen(e->line);
	return e;
}

static size_t
entry_size(const struct entry *e)
{
	return sizeof *e + e->len +
	    (e->path != NULL ? strlen(e->path) : 0) +
	    (e->head != NULL ? strlen(e->head) : 0);
}

static void
entry_free(struct entry *e)
{
	free(e->path);
	free(e->head);
	free(e->line);
	free(e);
}

/* However much is said meanwhile, there is room for what has to be kept. */
static bool
queue_has_room(const struct journal *j, const struct entry *e)
{
	return j->queued + entry_size(e) <= (e->log->file.sync ? QUEUE_MAX :
	    QUEUE_MAX - RESERVE);
}

static void
queue_add(struct journal *j, struct entry *e)
{
	*j->last = e;
	j->last = &e->next;
	j->queued += entry_size(e);
	pthread_cond_signal(&j->work);
}

static struct entry *
queue_take(struct journal *j)
{
	struct entry *e = j->first;

	if (e == NULL)
		return NULL;
	j->queued -= entry_size(e);
	if ((j->first = e->next) == NULL)
		j->last = &j->first;
	return e;
}

/* Where it was taken from. */
static void
queue_return(struct journal *j, struct entry *e)
{
	if ((e->next = j->first) == NULL)
		j->last = &e->next;
	j->first = e;
	j->queued += entry_size(e);
}

static void
sync_all(struct journal *j)
{
	struct journal_log *g;

	pthread_mutex_lock(&j->mutex);
	g = j->logs;		/* logs are only ever added, in front */
	pthread_mutex_unlock(&j->mutex);
	for (; g != NULL; g = g->next)
		lost_add(j, g, outfile_sync(&g->file));
}

/* Called and returns with the mutex held. */
static void
close_all(struct journal *j)
{
	struct journal_log *g = j->logs;

	j->reopen = false;
	pthread_mutex_unlock(&j->mutex);
	for (; g != NULL; g = g->next)
		log_close(j, g);
	pthread_mutex_lock(&j->mutex);
}

/* Do what e says, called and returns with the mutex held; false where it has
 * to wait, which it does in the queue. */
static bool
handle(struct journal *j, struct entry *e)
{
	bool patient = !j->ending, done = true;

	if (j->reopen)
		close_all(j);
	pthread_mutex_unlock(&j->mutex);
	if (e->log != NULL)
		done = deliver(j, e, patient);
	else
		e->run(e->arg);
	pthread_mutex_lock(&j->mutex);
	if (done)
		entry_free(e);
	else
		queue_return(j, e);
	return done;
}

/* All that is queued, if it can be delivered; called and returns with the
 * mutex held. */
static void
drain(struct journal *j)
{
	struct entry *e;

	j->waits = false;
	for (size_t n = 1; !j->waits && (e = queue_take(j)) != NULL; n++) {
		j->waits = !handle(j, e);
		if (n % BATCH != 0)
			continue;
		pthread_mutex_unlock(&j->mutex);
		sync_all(j);
		pthread_mutex_lock(&j->mutex);
	}
	pthread_mutex_unlock(&j->mutex);
	sync_all(j);
	pthread_mutex_lock(&j->mutex);
}

/* Until there is something to do; while the main log fails it is tried now
 * and then, so that the end of it shows, and what waits is tried again. */
static void
await(struct journal *j)
{
	struct timespec at = mono_after(RETRY_S * 1000);

	if (j->waits)
		while (!j->ending && pthread_cond_timedwait(&j->work,
		    &j->mutex, &at) != ETIMEDOUT)
			;
	else if (j->main->lost == 0)
		pthread_cond_wait(&j->work, &j->mutex);
	else if (pthread_cond_timedwait(&j->work, &j->mutex, &at) ==
	    ETIMEDOUT) {
		pthread_mutex_unlock(&j->mutex);
		lost_tell(j, j->main);
		pthread_mutex_lock(&j->mutex);
	}
}

static void *
thread_main(void *arg)
{
	struct journal *j = arg;

	pthread_mutex_lock(&j->mutex);
	for (;;) {
		drain(j);
		if (j->reopen)
			close_all(j);
		else if (j->waits)
			await(j);
		else if (j->first == NULL && j->ending)
			break;
		else if (j->first == NULL)
			await(j);
	}
	j->done = true;
	pthread_cond_signal(&j->ended);
	pthread_mutex_unlock(&j->mutex);
	return NULL;
}

/* ---- What others call */

static struct journal_log *
log_add(struct journal *j, const char *name, bool sync, int fd)
{
	struct journal_log *g;

	pthread_mutex_lock(&j->mutex);
	for (g = j->logs; g != NULL; g = g->next)
		if (strcmp(g->name, name) == 0)
			break;
	if (g == NULL) {
		g = xcalloc(1, sizeof *g);
		g->name = xstrdup(name);
		g->file = (struct outfile){ .fd = fd, .fixed = fd >= 0,
		    .sync = sync };
		g->next = j->logs;
		j->logs = g;
	}
	pthread_mutex_unlock(&j->mutex);
	return g;
}

struct journal *
journal_new(const char *path, journal_tell_fn *fn)
{
	struct journal *j = xcalloc(1, sizeof *j);

	pthread_mutex_init(&j->mutex, NULL);
	mono_cond_init(&j->work);
	mono_cond_init(&j->ended);
	j->tell = fn;
	j->last = &j->first;
	j->main = log_add(j, path, false, -1);
	return j;
}

int
journal_start(struct journal *j)
{
	int rc = worker_start(&j->thread, thread_main, j);

	j->started = rc == 0;
	return -rc;
}

static void
journal_free(struct journal *j)
{
	while (j->logs != NULL) {
		struct journal_log *g = j->logs;

		j->logs = g->next;
		log_close(j, g);
		free(g->name);
		free(g);
	}
	pthread_cond_destroy(&j->work);
	pthread_cond_destroy(&j->ended);
	pthread_mutex_destroy(&j->mutex);
	free(j);
}

bool
journal_end(struct journal *j, int timeout_ms)
{
	struct timespec at = mono_after(timeout_ms);
	bool done;

	pthread_mutex_lock(&j->mutex);
	j->ending = true;
	pthread_cond_signal(&j->work);
	if (!j->started)
		drain(j);
	while (j->started && !j->done &&
	    pthread_cond_timedwait(&j->ended, &j->mutex, &at) != ETIMEDOUT)
		;
	done = !j->started || j->done;
	pthread_mutex_unlock(&j->mutex);
	if (!done) {
		pthread_detach(j->thread);
		return false;
	}
	if (j->started)
		pthread_join(j->thread, NULL);
	journal_free(j);
	return true;
}

struct journal_log *
journal_main(struct journal *j)
{
	return j->main;
}

struct journal_log *
journal_log(struct journal *j, const char *name, bool sync)
{
	return log_add(j, name, sync, -1);
}

struct journal_log *
journal_fd(struct journal *j, const char *name, int fd)
{
	return log_add(j, name, false, fd);
}

void
journal_put(struct journal *j, struct journal_log *g, const char *path,
    const char *head, const char *line, size_t len)
{
	struct entry *e = entry_new(g, path, head, line, len);
	bool full;

	pthread_mutex_lock(&j->mutex);
	full = !queue_has_room(j, e);
	if (full) {
		g->lost++;
		j->lost++;
	} else {
		queue_add(j, e);
	}
	pthread_mutex_unlock(&j->mutex);
	if (full)
		entry_free(e);
}

void
journal_call(struct journal *j, void (*run)(void *arg), void *arg)
{
	struct entry *e = xcalloc(1, sizeof *e);

	e->run = run;
	e->arg = arg;
	pthread_mutex_lock(&j->mutex);
	queue_add(j, e);
	pthread_mutex_unlock(&j->mutex);
}

void
journal_reopen(struct journal *j)
{
	pthread_mutex_lock(&j->mutex);
	j->reopen = true;
	pthread_cond_signal(&j->work);
	pthread_mutex_unlock(&j->mutex);
}

uint64_t
journal_lost(struct journal *j)
{
	uint64_t n;

	pthread_mutex_lock(&j->mutex);
	n = j->lost;
	pthread_mutex_unlock(&j->mutex);
	return n;
}
