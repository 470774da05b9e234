/* A few threads take files from a list that is filled a batch at a time; the
 * disk is only touched in limbo, on copies.  The database is used by one
 * thread at a time, under the mutex, and each answer is committed at once. */

#include "media/measure.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "air/argv.h"
#include "base/arith.h"
#include "base/blame.h"
#include "base/xmem.h"
#include "media/db.h"
#include "media/limbo.h"
#include "media/mono.h"
#include "media/run.h"
#include "media/worker.h"

#define BATCH		200
#define MAX_ERR		((size_t)4 << 20)	/* bytes of ffmpeg's words */
#define LEAST_NICE	19
#define IDLE_CLASS	(3 << 13)	/* ioprio_set(2), IOPRIO_CLASS_IDLE */
#define BY_PROCESS	1		/* IOPRIO_WHO_PROCESS: a thread */
#define BASE_MS		INT64_C(600000)	/* for one file, and four times as */
#define TIMES		4		/* ... long as it lasts */
#define LEFT_MAX	4		/* disks are dead after so many */
#define JOBS_MAX	16

/* -50 dB and a quarter of a second are silence, two pictures that are black
 * but for a fiftieth of them are black. */
#define SILENCE		"silencedetect=noise=-50dB:duration=0.25"
#define BLACK		"blackdetect=d=0.08:pix_th=0.10"
#define LOUDNESS	"aresample=48000:rematrix_maxval=1,"		\
			"aformat=sample_fmts=fltp:channel_layouts=stereo"
#define EBUR128		"ebur128=peak=true:framelog=verbose"

static bool
is_programme(const struct asset *a)
{
	return a->type == ASSET_episode || a->type == ASSET_movie;
}

static bool
has_picture(const struct asset *a)
{
	return a->has_video && is_programme(a);
}

static int
timeout_ms(const struct asset *a)
{
	int64_t ms = BASE_MS + TIMES * (a->duration_us / 1000);

	return ms < INT32_MAX / 2 ? (int)ms : INT32_MAX / 2;
}

/* The vector's own words are borrowed, the three made ones the caller's. */
struct words {
	char *url, *video, *audio;
};

static void
words_make(struct words *w, const struct asset *a)
{
	w->url = xasprintf("file:%s", a->path);
	w->video = xasprintf("0:%d", a->video_stream);
	w->audio = xasprintf("0:%d", a->audio_stream);
}

static void
words_fini(struct words *w)
{
	free(w->url);
	free(w->video);
	free(w->audio);
}

/* False where what ffmpeg has ended with is not about the file.  What the file
 * says of itself is indented, and so is what was measured before. */
static bool
is_answer(int status, const char *text)
{
	bool asked = !WIFSIGNALED(status);

	if (!asked || WEXITSTATUS(status) == 0)
		return asked;
	asked = blame_exit(WEXITSTATUS(status), "") != BLAME_SYSTEM;
	while (asked && *text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = xstrndup(text, n);

		asked = *line == ' ' || blame_words(line) != BLAME_SYSTEM;
		free(line);
		text += n + (text[n] != '\0');
	}
	return asked;
}

/* One pass over the file: its sound, and its pictures where a break may go
 * between them. */
static bool
ask(const char *ffmpeg, const struct shim *shim, const volatile int *stop,
    struct asset *a, const struct words *w)
{
	const char *argv[40] = {
		ffmpeg, "-nostdin", "-hide_banner", "-nostats",
		"-loglevel", "info", "-threads", "1",
		"-protocol_whitelist", "file,pipe",
		"-format_whitelist", argv_demuxers,
		"-codec_whitelist", argv_decoders, "-i", w->url,
	};
	struct run_job r = {
		.argv = argv, .shim = shim, .timeout_ms = timeout_ms(a),
		.max_err = MAX_ERR, .stop = stop,
	};
	size_t n = 16;
	bool asked;

	if (has_picture(a)) {
		argv[n++] = "-map";
		argv[n++] = w->video;
		argv[n++] = "-vf";
		argv[n++] = BLACK;
	}
	if (a->has_audio) {
		argv[n++] = "-map";
		argv[n++] = w->audio;
		argv[n++] = "-af";
		argv[n++] = is_programme(a) ?
		    LOUDNESS "," SILENCE "," EBUR128 : LOUDNESS "," EBUR128;
	}
	argv[n++] = "-f";
	argv[n++] = "null";
	argv[n++] = "-";
	run_program(&r);
	asked = r.end == RUN_EXITED && is_answer(r.status, buf_str(&r.err));
	if (asked)
		measure_parse(buf_str(&r.err), a);
	buf_fini(&r.out);
	buf_fini(&r.err);
	return asked;
}

bool
measure_file(const char *ffmpeg, const struct shim *shim,
    const volatile int *stop, struct asset *a)
{
	struct words w;
	bool asked;

	if (!a->has_audio && !has_picture(a))
		return true;
	words_make(&w, a);
	asked = ask(ffmpeg, shim, stop, a, &w);
	words_fini(&w);
	return asked;
}

/* ---- Many */

struct work {
	const struct measure_options *o;
	int64_t until_ms;
	pthread_mutex_t mutex;		/* guards all below */
	struct db *db;
	struct db_unmeasured batch[BATCH];
	size_t n, next;
	int64_t duration_us, id;	/* where the next batch begins */
	size_t done, total, measured;
	int left;			/* behind, in limbo */
	bool ended;
};

/* A copy for limbo. */
struct measuring {
	char *ffmpeg;
	struct shim *shim;
	struct walk_file file;
	struct asset asset;
	bool asked;
};

/* It may have changed since, or its disk may be away: then nothing that is
 * said about it counts. */
static bool
is_same(const struct walk_file *f)
{
	struct stat st;

	return stat(f->path, &st) == 0 && st.st_size == f->size &&
	    (int64_t)st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec ==
	    f->mtime_ns;
}

static void
measuring_run(void *arg, const volatile int *stop)
{
	struct measuring *m = arg;

	m->asked = is_same(&m->file) && measure_file(m->ffmpeg, m->shim,
	    stop, &m->asset) && is_same(&m->file);
}

static void
measuring_drop(void *arg)
{
	struct measuring *m = arg;

	free(m->ffmpeg);
	shim_free(m->shim);
	free(m->file.path);
	asset_fini(&m->asset);
	free(m);
}

/* NULL where it was left behind. */
static struct measuring *
measure(const struct work *w, const struct db_unmeasured *u)
{
	struct measuring *m = xcalloc(1, sizeof *m);
	struct limbo_work work = {
		.run = measuring_run, .drop = measuring_drop, .arg = m,
		.timeout_ms = timeout_ms(&u->asset) + 10000,
		.stop = w->o->stop, .place = u->file.path,
	};

	m->ffmpeg = xstrdup(w->o->ffmpeg);
	m->shim = shim_copy(w->o->shim);
	if (m->shim != NULL)
		m->shim->nice = LEAST_NICE;
	m->file = u->file;
	m->file.path = xstrdup(u->file.path);
	asset_copy(&m->asset, &u->asset);
	return limbo_run(&work) ? m : NULL;
}

static bool
is_stopped(const struct work *w)
{
	return w->o->stop != NULL &&
	    __atomic_load_n(w->o->stop, __ATOMIC_RELAXED) != 0;
}

static void
drop_batch(struct work *w)
{
	for (; w->next < w->n; w->next++)
		db_unmeasured_fini(&w->batch[w->next]);
}

/* The next file, which is the caller's then; false at the end. */
static bool
take_next(struct work *w, struct db_unmeasured *u)
{
	size_t left;
	bool more;

	pthread_mutex_lock(&w->mutex);
	/* Without a database that can be written it is work for nothing. */
	if (is_stopped(w) || mono_ms() >= w->until_ms ||
	    w->left >= LEFT_MAX || !db_is_kept(w->db))
		w->ended = true;
	if (!w->ended && w->next == w->n) {
		w->n = db_list_unmeasured(w->db, w->batch, BATCH,
		    &w->duration_us, &w->id, &left);
		w->next = 0;
		w->total = w->total == 0 ? left : w->total;
		w->ended = w->n == 0;
	}
	more = !w->ended;
	if (more) {
		*u = w->batch[w->next];
		w->batch[w->next++] = (struct db_unmeasured){ 0 };
	}
	pthread_mutex_unlock(&w->mutex);
	return more;
}

static void
keep(struct work *w, const struct measuring *m)
{
	pthread_mutex_lock(&w->mutex);
	if (m == NULL) {
		w->left++;
	} else if (m->asked) {
		db_put_measure(w->db, &m->file, &m->asset);
		db_commit(w->db);
		/* What is not kept is no news, or it would be for ever. */
		w->measured += db_is_kept(w->db);
	}
	w->done++;
	if (w->o->progress != NULL)
		w->o->progress(w->o->ctx, w->done, w->total);
	pthread_mutex_unlock(&w->mutex);
}

/* A thread's priorities are for what it starts, too. */
static void
go_behind(void)
{
	setpriority(PRIO_PROCESS, 0, LEAST_NICE);
	syscall(SYS_ioprio_set, BY_PROCESS, 0, IDLE_CLASS);
}

static void *
work_run(void *arg)
{
	struct work *w = arg;
	struct db_unmeasured u;

	go_behind();
	while (take_next(w, &u)) {
		bool hangs = limbo_hangs(u.file.path);
		struct measuring *m = hangs ? NULL : measure(w, &u);

		/* What hung before is passed over and ends nothing. */
		if (m != NULL || (!hangs && !is_stopped(w)))
			keep(w, m);
		if (m != NULL)
			measuring_drop(m);
		db_unmeasured_fini(&u);
	}
	return NULL;
}

size_t
measure_all(const struct measure_options *o, struct errs *e)
{
	struct work *w = xcalloc(1, sizeof *w);
	pthread_t threads[JOBS_MAX];
	size_t n = o->jobs < 1 ? 1 : (size_t)o->jobs, measured;

	w->o = o;
	w->until_ms = mono_ms() + o->slice_ms;
	w->duration_us = w->id = -1;
	w->db = db_open(o->state_dir, e);
	pthread_mutex_init(&w->mutex, NULL);
	n = worker_start_all(threads, n < JOBS_MAX ? n : JOBS_MAX, work_run,
	    w);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	drop_batch(w);
	pthread_mutex_destroy(&w->mutex);
	db_close(w->db);
	measured = w->measured;
	free(w);
	return measured;
}
