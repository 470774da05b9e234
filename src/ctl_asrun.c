#include "ctl_asrun.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/tz.h"
#include "base/xmem.h"
#include "media/asrunfile.h"
#include "media/dayfile.h"
#include "media/config.h"
#include "plan/plan.h"

#define LOOK_NS		200000000	/* between looks for new rows */
#define READ_SIZE	65536
#define TAILS		3	/* days of a channel that may still grow */
#define DAYS_NAMED	7	/* in a complaint */
#define ZONE_FILE	"/etc/localtime"

/* A file that is read as it grows. */
struct tail {
	int64_t date;
	int fd;			/* -1: not there yet, or again */
	struct buf part;	/* of a line that has no end yet */
};

/* A channel whose log is shown. */
struct channel_log {
	const char *slug;	/* borrowed */
	const struct chan *ch;	/* NULL: only its log is left */
	int64_t from;		/* days before are not looked at */
	struct tail tails[TAILS];
	size_t ntails;
};

struct view {
	const struct ctl_asrun *o;
	struct config *cfg;
	struct channel_log *logs;
	size_t nlogs;
	struct buf out;
};

static void
date_name(int64_t date, char text[16])
{
	int year, month, day;

	civil_from_days(date, &year, &month, &day);
	snprintf(text, 16, "%04d-%02d-%02d", year % 10000, month, day);
}

/* ---- Which days */

/* The broadcast day that it is on that channel now, or -1. */
static int64_t
today(const struct view *v, const struct chan *ch)
{
	const char *name = ch->timezone != NULL ? ch->timezone :
	    v->cfg->station->timezone;
	struct errs e = { 0 };
	struct tz *z = config_zone(name != NULL ? name : ZONE_FILE, ch->file,
	    &e);
	int64_t date = z != NULL ? day_of(ch, z, time(NULL)) : -1;

	tz_free(z);
	errs_fini(&e);
	return date;
}

/* What --date means for a channel; -1 if it does not say. */
static int64_t
date_meant(const struct view *v, const struct channel_log *l)
{
	const char *text = v->o->date;
	bool before = strcmp(text, "yesterday") == 0;
	int64_t date;

	if (!before && strcmp(text, "today") != 0)
		return strlen(text) == 10 ? dayfile_date(text) : -1;
	date = l->ch != NULL ? today(v, l->ch) : -1;
	return date > 0 && before ? date - 1 : date;
}

static bool
date_is_good(const char *text)
{
	if (text == NULL || strcmp(text, "today") == 0 ||
	    strcmp(text, "yesterday") == 0 ||
	    (strlen(text) == 10 && dayfile_date(text) >= 0))
		return true;
	fprintf(stderr, "retrovuectl: --date %s: must be a day like "
	    "2026-01-15, 'today' or 'yesterday'\n", text);
	return false;
}

/* The days of which a channel has a log, as asrunfile_days(): without those
 * that are still to come by any zone, which a clock that was ahead has left,
 * where they are not all that there is or asked for. */
static int
days_find(const struct view *v, const struct channel_log *l,
    int64_t **dates, size_t *n)
{
	int64_t last = time(NULL) / 86400 + 1;
	int rc = asrunfile_days(v->cfg->station->asrun_dir, l->slug, dates,
	    n);
	size_t came = *n;

	while (came > 0 && (*dates)[came - 1] > last)
		came--;
	if (came > 0 && (v->o->date == NULL ||
	    dayfile_date(v->o->date) <= last))
		*n = came;
	return rc;
}

/* The days that are shown of a channel: [*first, *last] of what there is;
 * false where that is none. */
static bool
days_choose(const struct view *v, const struct channel_log *l,
    const int64_t *dates, size_t n, size_t *first, size_t *last)
{
	int64_t date;

	if (n == 0)
		return false;
	*first = *last = n - 1;
	if (v->o->date == NULL)
		return true;
	date = date_meant(v, l);
	while (*first > 0 && dates[*first - 1] >= date)
		--*first;
	if (!v->o->follow)
		*last = *first;
	return dates[*first] == date || (v->o->follow &&
	    dates[*first] > date);
}

static void
complain_days(const struct view *v, const struct channel_log *l,
    const int64_t *dates, size_t n)
{
	size_t first = n > DAYS_NAMED ? n - DAYS_NAMED : 0;
	char name[16];

	if (n == 0) {
		fprintf(stderr, "retrovuectl: nothing of channel %s has aired "
		    "yet: no log in %s/%s\n", l->slug,
		    v->cfg->station->asrun_dir, l->slug);
		return;
	}
	fprintf(stderr, "retrovuectl: no as-run log of channel %s for %s; "
	    "there %s", l->slug, v->o->date, n == 1 ? "is" : "are");
	if (first > 0)
		fprintf(stderr, " %zu days, the last of them", n);
	for (size_t i = first; i < n; i++) {
		date_name(dates[i], name);
		fprintf(stderr, "%s %s", i > first ? "," : "", name);
	}
	fputs("\n", stderr);
}

/* ---- Lines */

/* Whole lines of bytes that came.  For people, what is no text is made safe
 * for a terminal; for programs, JSON stays as it is. */
static void
lines_add(struct view *v, struct buf *part)
{
	const char *p = buf_str(part), *end;
	char *line;

	while ((end = memchr(p, '\n', part->len)) != NULL) {
		size_t n = (size_t)(end - p);

		line = xstrndup(p, n);
		if (v->o->json)
			buf_adds(&v->out, line);
		else
			errs_escape(&v->out, line);
		buf_adds(&v->out, "\n");
		free(line);
		buf_drain(part, n + 1);
		p = buf_str(part);
	}
}

static int
flush(struct view *v)
{
	if (v->out.len != 0)
		fwrite(v->out.data, 1, v->out.len, stdout);
	buf_reset(&v->out);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("retrovuectl: cannot write");
	return 1;
}

static char *
log_path(const struct view *v, const struct channel_log *l, int64_t date)
{
	return asrunfile_path(v->cfg->station->asrun_dir, l->slug, date,
	    v->o->json ? ".jsonl" : "");
}

/* Add what there is of the open file from where it was read to.  False with
 * errno where it cannot be read. */
static bool
tail_read(struct view *v, struct tail *t)
{
	struct stat st;
	ssize_t n;

	/* Cut by who rotates it so: begin anew. */
	if (fstat(t->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size < lseek(t->fd, 0, SEEK_CUR))
		lseek(t->fd, 0, SEEK_SET);
	for (;;) {
		n = read(t->fd, buf_extend(&t->part, READ_SIZE), READ_SIZE);
		t->part.len -= READ_SIZE - (n > 0 ? (size_t)n : 0);
		if (n <= 0)
			return n == 0 || errno == EINTR;
		lines_add(v, &t->part);
	}
}

static bool
tail_open(const struct view *v, const struct channel_log *l, struct tail *t)
{
	char *path = log_path(v, l, t->date);

	if (t->fd < 0)
		t->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	free(path);
	return t->fd >= 0;
}

static void
tail_close(struct tail *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	buf_fini(&t->part);
}

/* True if the file was renamed or removed since it was opened. */
static bool
tail_is_old(const struct view *v, const struct channel_log *l,
    const struct tail *t)
{
	char *path = log_path(v, l, t->date);
	struct stat is, was;
	bool old;

	old = fstat(t->fd, &was) < 0 || stat(path, &is) < 0 ||
	    was.st_ino != is.st_ino || was.st_dev != is.st_dev;
	free(path);
	return old;
}

/* ---- What is there already */

/* A day has two files, and the one asked for may come a moment after the
 * other: who follows gets it then. */
static int
day_print(struct view *v, struct channel_log *l, struct tail *t)
{
	char *path;

	if (tail_open(v, l, t) ? tail_read(v, t) :
	    v->o->follow && errno == ENOENT)
		return flush(v);
	path = log_path(v, l, t->date);
	fprintf(stderr, "retrovuectl: %s: %s\n", path, strerror(errno));
	free(path);
	return 1;
}

/* The last file shown is kept to be followed. */
static int
days_print(struct view *v, struct channel_log *l, const int64_t *dates,
    size_t n)
{
	struct tail t = { .fd = -1 };
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		tail_close(&t);
		t.date = dates[i];
		rc = day_print(v, l, &t);
	}
	l->from = n != 0 ? dates[n - 1] : 0;
	l->tails[l->ntails++] = t;
	return rc;
}

/* Where there is nothing, that is no fault of one who follows or who has
 * asked for all channels. */
static int
log_print(struct view *v, struct channel_log *l, bool *shown)
{
	size_t n, first, last;
	int64_t *dates;
	int rc = 0;

	if (days_find(v, l, &dates, &n) < 0 && errno != ENOENT) {
		fprintf(stderr, "retrovuectl: %s/%s: %s\n",
		    v->cfg->station->asrun_dir, l->slug, strerror(errno));
		rc = 1;
	} else if (days_choose(v, l, dates, n, &first, &last)) {
		if (*shown && !v->o->json)
			buf_adds(&v->out, "\n");
		*shown = true;
		rc = days_print(v, l, dates + first, last - first + 1);
	} else if (v->o->follow) {
		l->from = n != 0 ? dates[n - 1] + 1 : 0;
	} else if (v->o->channel != NULL) {
		complain_days(v, l, dates, n);
		rc = 1;
	}
	free(dates);
	return rc;
}

static int
print_all(struct view *v)
{
	bool shown = false;
	int rc = 0;

	for (size_t i = 0; i < v->nlogs; i++)
		rc |= log_print(v, &v->logs[i], &shown);
	if (!shown && rc == 0 && !v->o->follow) {
		fprintf(stderr, "retrovuectl: no as-run log in %s%s%s\n",
		    v->cfg->station->asrun_dir, v->o->date != NULL ?
		    " for " : "", v->o->date != NULL ? v->o->date : "");
		rc = 1;
	}
	return rc;
}

/* ---- What comes */

/* Rows go to a day's file until the next has begun, or for a while after that
 * where the clock is set back: a few days are enough. */
static void
tail_add(struct view *v, struct channel_log *l, int64_t date)
{
	for (size_t i = 0; i < l->ntails; i++)
		if (l->tails[i].date == date)
			return;
	if (l->ntails == TAILS) {
		if (tail_open(v, l, &l->tails[0]))
			tail_read(v, &l->tails[0]);
		tail_close(&l->tails[0]);
		memmove(l->tails, l->tails + 1,
		    --l->ntails * sizeof l->tails[0]);
		l->from = l->tails[0].date;
	}
	l->tails[l->ntails++] = (struct tail){ .date = date, .fd = -1 };
}

static void
log_look(struct view *v, struct channel_log *l)
{
	int64_t *dates;
	size_t n;

	if (days_find(v, l, &dates, &n) == 0)
		for (size_t i = n > TAILS ? n - TAILS : 0; i < n; i++)
			if (dates[i] >= l->from)
				tail_add(v, l, dates[i]);
	free(dates);
	for (size_t i = 0; i < l->ntails; i++) {
		struct tail *t = &l->tails[i];

		/* One that was renamed may have grown just before that. */
		if (t->fd >= 0 && tail_is_old(v, l, t)) {
			tail_read(v, t);
			tail_close(t);
		}
		if (tail_open(v, l, t))
			tail_read(v, t);
	}
}

static int
follow(struct view *v)
{
	const struct timespec pause = { .tv_nsec = LOOK_NS };
	int rc;

	do {
		for (size_t i = 0; i < v->nlogs; i++)
			log_look(v, &v->logs[i]);
		if ((rc = flush(v)) == 0)
			nanosleep(&pause, NULL);
	} while (rc == 0);
	return rc;
}

/* ---- Which channels */

static bool
is_slug(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && s[n] == '\0';
}

static bool
has_log(const struct view *v, const char *slug)
{
	char *path = xasprintf("%s/%s", v->cfg->station->asrun_dir, slug);
	bool has = is_slug(slug) && access(path, F_OK) == 0;

	free(path);
	return has;
}

/* The channels meant, which are all where none was named. */
static int
channels_choose(struct view *v)
{
	const char *which = v->o->channel;

	v->logs = xcalloc(v->cfg->nchans + 1, sizeof *v->logs);
	for (size_t i = 0; i < v->cfg->nchans; i++) {
		const struct chan *ch = v->cfg->chans[i];

		if (which == NULL || strcmp(ch->slug, which) == 0 ||
		    strcmp(ch->number, which) == 0)
			v->logs[v->nlogs++] = (struct channel_log){
				.slug = ch->slug, .ch = ch };
	}
	if (v->nlogs == 0 && which != NULL && has_log(v, which))
		v->logs[v->nlogs++] = (struct channel_log){ .slug = which };
	if (v->nlogs != 0 || which == NULL)
		return 0;
	fprintf(stderr, "retrovuectl: no channel '%s'", which);
	for (size_t i = 0; i < v->cfg->nchans; i++)
		fprintf(stderr, "%s%s (%s)", i == 0 ? "; there are: " : ", ",
		    v->cfg->chans[i]->number, v->cfg->chans[i]->slug);
	fputs("\n", stderr);
	return 1;
}

static void
view_fini(struct view *v)
{
	for (size_t i = 0; i < v->nlogs; i++)
		for (size_t k = 0; k < v->logs[i].ntails; k++)
			tail_close(&v->logs[i].tails[k]);
	free(v->logs);
	buf_fini(&v->out);
	config_free(v->cfg);
}

int
ctl_asrun(const struct ctl_asrun *o)
{
	struct view v = { .o = o };
	struct errs e = { 0 };
	struct buf text = { 0 };
	int rc = 1;

	if (!date_is_good(o->date))
		return 2;
	/* Channels at fault have logs, too. */
	if ((v.cfg = config_load(o->config, &e)) != NULL) {
		rc = channels_choose(&v);
		if (rc == 0)
			rc = print_all(&v);
		if (rc == 0 && o->follow)
			rc = follow(&v);
	} else {
		errs_print(&e, &text);
		fputs(buf_str(&text), stderr);
	}
	view_fini(&v);
	buf_fini(&text);
	errs_fini(&e);
	return rc;
}
