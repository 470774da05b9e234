#include "media/tlogfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/dayfile.h"
#include "media/files.h"
#include "plan/cursors.h"
#include "plan/kept.h"

#define JSONL		".tlog.jsonl"
#define SIZE_MAX_FILE	(64 << 20)	/* more is no log of a day */
#define DAYS_BEFORE	3	/* whose end is remembered as it was */
#define TRIES		7	/* older logs that may be at fault */

char *
tlogfile_dir(const char *state_dir)
{
	return xasprintf("%s/tlog", state_dir);
}

char *
tlogfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix)
{
	return dayfile_path(dir, slug, date, *suffix != '\0' ? JSONL :
	    ".tlog");
}

bool
tlogfile_is_log(const char *path)
{
	size_t n = strlen(path), m = strlen(JSONL);

	return n > m && strcmp(path + n - m, JSONL) == 0;
}

/* ---- From disk */

/* The whole file; -1 with errno. */
static int
file_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), saved;
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	errno = EFBIG;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > SIZE_MAX_FILE)
		goto out;
	buf_extend(out, (size_t)st.st_size);
	n = pread(fd, out->data, out->len, 0);
	out->len = n > 0 ? (size_t)n : 0;
out:
	saved = errno;
	close(fd);
	errno = saved;
	return n < 0 ? -1 : 0;
}

struct tlog *
tlogfile_read(const char *dir, const char *slug, int64_t date,
    const char **why)
{
	char *path = tlogfile_path(dir, slug, date, ".jsonl");
	struct buf text = { 0 };
	struct tlog *t = NULL;

	*why = NULL;
	if (file_read(path, &text) == 0)
		t = tlogfile_parse(buf_str(&text), text.len, slug, date, why);
	else if (errno != ENOENT)
		*why = strerror(errno);
	free(path);
	buf_fini(&text);
	return t;
}

static bool
cursors_are_good(const struct chan *ch, struct tlog *t)
{
	struct cursors c;
	bool good = cursors_parse(&c, ch, buf_str(&t->cursors));

	cursors_fini(&c);
	return good;
}

/* The same of a channel as it is now, or NULL with a warning. */
static struct tlog *
log_read(const char *dir, const struct chan *ch, int64_t date,
    struct errs *e)
{
	struct rate r = ch->format.rate;
	const char *why;
	struct tlog *t = tlogfile_read(dir, ch->slug, date, &why);
	char *path;

	if (t != NULL && (t->rate.num != r.num || t->rate.den != r.den)) {
		why = "it is of another picture rate";
		tlog_free(t);
		t = NULL;
	}
	if (t != NULL && !cursors_are_good(ch, t)) {
		why = "its cursors are none";
		tlog_free(t);
		t = NULL;
	}
	if (t == NULL && why != NULL) {
		path = tlogfile_path(dir, ch->slug, date, ".jsonl");
		errs_warn(e, path, 0, 0, "%s; the day is planned anew", why);
		free(path);
	}
	return t;
}

static void
log_remove(const char *dir, const char *slug, int64_t date)
{
	static const char *const suffixes[] = { "", ".jsonl" };

	for (size_t k = 0; k < 2; k++) {
		char *path = tlogfile_path(dir, slug, date, suffixes[k]);

		unlink(path);
		free(path);
	}
}

/* Logs are counted, for their dates say nothing where the clock is wrong.
 * One that is ahead finds as many too many as it has made; one that is behind
 * finds too few, as what has been made since is after its today.  So where
 * there are too many, today is later than ever before, and what is after
 * tomorrow's morrow was made by a clock that was ahead. */
void
tlogfile_forget(const char *dir, const char *slug, int64_t today)
{
	int64_t *dates;
	size_t n, upto = 0;

	(void)dayfile_days(dir, slug, JSONL, &dates, &n);
	while (upto < n && dates[upto] <= today)
		upto++;
	for (size_t i = 0; upto > TLOGFILE_DAYS && i < n; i++)
		if (i < upto - TLOGFILE_DAYS ||
		    dates[i] > today + TLOGFILE_AHEAD)
			log_remove(dir, slug, dates[i]);
	free(dates);
}

/* ---- Where a timeline goes on */

/* What is stored of the days around today; NULL where nothing is. */
struct around {
	int64_t today;
	struct tlog *v[DAYS_BEFORE + 2];	/* today's, tomorrow's: last */
};

/* Those after yesterday only where anything of them is to stand. */
static void
around_read(struct around *a, const struct tlogfile_start *s,
    const struct chan *ch, struct errs *e)
{
	size_t n = DAYS_BEFORE;

	if (s->lock_s >= 0 || s->until > 0)
		n += 2;
	for (size_t i = 0; i < n; i++) {
		a->v[i] = log_read(s->dir, ch, a->today - DAYS_BEFORE +
		    (int64_t)i, e);
		if (a->v[i] != NULL)
			tlog_bind(a->v[i], s->library);
	}
}

static void
around_fini(struct around *a)
{
	for (size_t i = 0; i < DAYS_BEFORE + 2; i++)
		tlog_free(a->v[i]);
}

/* Today's and those that it follows without a gap; tomorrow's.  Where today
 * has none there is nothing to go by. */
static struct day *
around_join(const struct around *a)
{
	size_t from = DAYS_BEFORE, n = 1;

	if (a->v[from] == NULL)
		return NULL;
	for (; from > 0 && a->v[from - 1] != NULL && a->v[from - 1]->day->n1 ==
	    a->v[from]->day->n0; from--)
		n++;
	n += a->v[DAYS_BEFORE + 1] != NULL;
	return tlog_join(a->v + from, n);
}

/* What is on when the lock ends stands to its end, if it is more than idle. */
static void
keep(struct timeline *t, const struct tlogfile_start *s,
    const struct around *a)
{
	struct rate r = timeline_chan(t)->format.rate;
	int64_t until = s->until, end;
	struct day *d = around_join(a);

	if (d == NULL)
		return;
	if (s->lock_s >= 0) {
		end = tlog_kept_until(d, rate_frame_at(r, s->now_ns),
		    rate_frame_at(r, s->now_ns + s->lock_s * NS_PER_S));
		until = end > until ? end : until;
	}
	if (until > d->n1)
		until = d->n1;
	if (until > d->n0)
		timeline_keep_day(t, d, d->n0, until);
	day_free(d);
}

static bool
start(struct timeline *t, struct tlog *l)
{
	return l != NULL && timeline_resume(t, l->day->date + 1,
	    buf_str(&l->cursors));
}

/* Cursors of the last days or, where there are none, of the last one of
 * which there are. */
static void
start_cursors(struct timeline *t, const struct tlogfile_start *s,
    const struct around *a, struct errs *e)
{
	const struct chan *ch = timeline_chan(t);
	bool done = false;
	int64_t *dates;
	size_t n;

	for (size_t i = 0; i < DAYS_BEFORE; i++)
		done |= start(t, a->v[i]);
	if (done)
		return;
	(void)dayfile_days(s->dir, ch->slug, JSONL, &dates, &n);
	for (int tries = 0; n > 0 && tries < TRIES && !done; n--) {
		struct tlog *l;

		if (dates[n - 1] >= a->today - DAYS_BEFORE)
			continue;
		l = log_read(s->dir, ch, dates[n - 1], e);
		done = start(t, l);
		tlog_free(l);
		tries++;
	}
	free(dates);
}

void
tlogfile_start(struct timeline *t, const struct tlogfile_start *s,
    struct errs *e)
{
	const struct chan *ch = timeline_chan(t);
	struct around a = {
		.today = day_of(ch, timeline_zone(t), s->now_ns / NS_PER_S),
	};

	around_read(&a, s, ch, e);
	start_cursors(t, s, &a, e);
	keep(t, s, &a);
	around_fini(&a);
}

/* ---- To disk */

/* Replaced only where it differs, so that disks may sleep. */
static int
file_write(const char *dir, const char *slug, int64_t date,
    const char *suffix, struct buf *text)
{
	char *path = tlogfile_path(dir, slug, date, suffix);
	struct buf is = { 0 };
	int rc = 0;

	if (file_read(path, &is) < 0 || is.len != text->len ||
	    memcmp(buf_str(&is), buf_str(text), is.len) != 0)
		rc = files_replace(path, buf_str(text), text->len);
	buf_fini(&is);
	free(path);
	return rc;
}

/* Where part of the day is only kept, what is stored of it. */
static void
before_read(const char *dir, struct timeline *t, int64_t date,
    struct buf *before)
{
	char *path;

	if (timeline_kept_until(t) <= timeline_day(t, date))
		return;
	path = tlogfile_path(dir, timeline_chan(t)->slug, date, ".jsonl");
	(void)file_read(path, before);
	free(path);
}

static int
dir_make(const char *dir, const char *slug)
{
	char *path = xasprintf("%s/%s", dir, slug);
	int rc = files_make_dirs(path);

	free(path);
	return rc;
}

int
tlogfile_save(const char *dir, struct timeline *t, int64_t date)
{
	const struct chan *ch = timeline_chan(t);
	int64_t n0 = timeline_day(t, date), n1 = timeline_day(t, date + 1);
	struct kept *k = kept_new(t, n0, n1);
	struct day *d = kept_day(k);
	struct buf text = { 0 }, json = { 0 }, cursors = { 0 }, before = { 0 };
	int rc;

	d->date = date;
	before_read(dir, t, date, &before);
	timeline_cursors(t, date + 1, &cursors);
	tlog_add_text(&text, ch, timeline_zone(t), d, n0, n1);
	tlogfile_add_json(&json, ch->slug, ch->format.rate, d, t, &before,
	    buf_str(&cursors));
	if ((rc = dir_make(dir, ch->slug)) == 0)
		rc = file_write(dir, ch->slug, date, "", &text);
	if (rc == 0)
		rc = file_write(dir, ch->slug, date, ".jsonl", &json);
	buf_fini(&before);
	buf_fini(&cursors);
	buf_fini(&text);
	buf_fini(&json);
	kept_free(k);
	return rc;
}
