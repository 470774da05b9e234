#include "media/asrunfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "media/dayfile.h"
#include "media/jsontext.h"

#define TAIL_MAX	(1 << 20)	/* an open row is in the last bytes */
#define RECENT		2		/* days looked at in a directory */
#define JSONL		".asrun.jsonl"
#define UNCLOSED	"the daemon ended without closing it"

/* Where the columns of a line begin, see asrun_add_row(). */
#define AT_DUR		13
#define AT_STATUS	26
#define AT_TYPE		39
#define AT_ID		51

char *
asrunfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix)
{
	return dayfile_path(dir, slug, date, *suffix != '\0' ? JSONL :
	    ".asrun");
}

/* ---- JSON */

/* null for "", too. */
static json_t *
json_of_text(const char *s)
{
	return json_text(s != NULL && *s != '\0' ? s : NULL);
}

static void
set_counts(json_t *j, const struct asrun_row *r)
{
	const struct {
		const char *key;
		int64_t n;
	} counts[] = {
		{ "planned_frames", r->n1 - r->n0 },
		{ "actual_frames", asrun_frames(r) },
		{ "slate_frames", r->from.slate },
		{ "filler_frames", r->from.filler },
		{ "held_frames", r->held },
		{ "viewers_max", (int64_t)r->viewers_max },
	};

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		json_object_set_new(j, counts[i].key,
		    json_integer(counts[i].n));
}

void
asrunfile_add_json(struct buf *out, const struct chan *ch,
    const struct asrun_row *r)
{
	bool aired = !r->never;
	struct rate rate = ch->format.rate;
	json_t *j = json_object();

	json_object_set_new(j, "event_id", json_sprintf("%s-%" PRId64,
	    ch->slug, r->n0));
	json_object_set_new(j, "status",
	    json_string(asrun_status_name(r->status)));
	json_object_set_new(j, "channel", json_of_text(ch->slug));
	json_object_set_new(j, "kind",
	    json_string(segment_kind_name(r->kind)));
	json_object_set_new(j, "asset", json_of_text(r->asset));
	json_object_set_new(j, "title", json_of_text(r->title));
	json_object_set_new(j, "planned_start", dayfile_json_frame(rate, r->n0));
	json_object_set_new(j, "actual_start", aired ?
	    dayfile_json_frame(rate, r->slot) : json_null());
	set_counts(j, r);
	json_object_set_new(j, "late_ms", aired ?
	    json_integer(r->late_ns / 1000000) : json_null());
	json_object_set_new(j, "reason", json_of_text(r->reason));
	dayfile_add_line(out, j);
}

/* ---- Recovery */

/* Up to the end of the line, or of the n bytes.  Where a machine has lost its
 * power there may be NULs among them. */
static size_t
line_length(const void *p, size_t n)
{
	const void *end = memchr(p, '\n', n);

	return end != NULL ? (size_t)((const char *)end - (const char *)p) : n;
}

/* The last bytes of a file, from the begin of a line on; its size. */
static int64_t
tail_read(int fd, struct buf *tail)
{
	struct stat st;
	off_t from;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	from = st.st_size > TAIL_MAX ? st.st_size - TAIL_MAX : 0;
	buf_extend(tail, (size_t)(st.st_size - from));
	n = pread(fd, tail->data, tail->len, from);
	tail->len = n > 0 ? (size_t)n : 0;
	if (from != 0)
		buf_drain(tail, line_length(tail->data, tail->len) + 1);
	return st.st_size;
}

static json_t *
json_of_line(const char *line, size_t len)
{
	return json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
}

static bool
has(const json_t *j, const char *key, const char *value)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s != NULL && value != NULL && strcmp(s, value) == 0;
}

/* Where a line of JSON is a SEG_START: *row becomes the one that closes it. */
static void
json_close(const char *line, size_t len, struct buf *row)
{
	json_t *j = json_of_line(line, len);

	if (has(j, "status", "SEG_START") &&
	    json_is_string(json_object_get(j, "event_id"))) {
		json_object_set_new(j, "status", json_string("ERROR"));
		json_object_set_new(j, "actual_frames", json_null());
		json_object_set_new(j, "reason", json_string(UNCLOSED));
		buf_reset(row);
		dayfile_add_line(row, json_incref(j));
	}
	json_decref(j);
}

/* The same of a line of columns. */
static void
text_close(const char *line, size_t len, struct buf *row)
{
	size_t id;

	if (len <= AT_ID || memchr(line, '\0', len) != NULL ||
	    strncmp(line + AT_STATUS, "SEG_START ", 10) != 0)
		return;
	id = strcspn(line + AT_ID, " \n");
	buf_reset(row);
	buf_addf(row, "%.*s%-11s  %-11s  %.*s%-24.*s  %s\n", AT_DUR, line,
	    "--:--:--:--", "ERROR", AT_ID - AT_TYPE, line + AT_TYPE,
	    (int)id, line + AT_ID, UNCLOSED);
}

/* True if the line is the other row of a segment that has started. */
static bool
json_ends(const char *line, size_t len)
{
	json_t *j = json_of_line(line, len);
	bool ends = json_is_string(json_object_get(j, "status")) &&
	    !has(j, "status", "SEG_START") && !has(j, "status", "SKIPPED");

	json_decref(j);
	return ends;
}

static bool
text_ends(const char *line, size_t len)
{
	static const char *const ends[] = {
		"AIRED ", "TRUNCATED ", "SHORT ", "SUBSTITUTED ", "ERROR ",
	};

	for (size_t i = 0; len > AT_ID && i < sizeof ends / sizeof ends[0];
	    i++)
		if (strncmp(line + AT_STATUS, ends[i], strlen(ends[i])) == 0)
			return true;
	return false;
}

/* What is to be appended to such a file: one segment is on the air at a
 * time, so only the last SEG_START can be open.  Half a line at the end is
 * no row. */
static size_t
closing_make(struct buf *tail, bool json, struct buf *out)
{
	const char *p = buf_str(tail), *end = p + tail->len;
	struct buf row = { 0 };
	size_t rows, len;

	for (; (len = line_length(p, (size_t)(end - p))) < (size_t)(end - p);
	    p += len + 1) {
		if (json ? json_ends(p, len) : text_ends(p, len))
			buf_reset(&row);
		else
			(json ? json_close : text_close)(p, len, &row);
	}
	if (p < end)
		buf_adds(out, "\n");
	rows = row.len != 0;
	buf_add(out, row.data, row.len);
	buf_fini(&row);
	return rows;
}

/* Whole, or not at all where that is possible. */
static bool
append(int fd, const struct buf *out, int64_t size)
{
	int cut;

	if (write(fd, out->data, out->len) == (ssize_t)out->len &&
	    fsync(fd) == 0)
		return true;
	cut = ftruncate(fd, size);
	(void)cut;
	return false;
}

static size_t
file_recover(const char *path, bool json)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
	struct buf tail = { 0 }, out = { 0 };
	size_t rows = 0;
	int64_t size;

	if (fd < 0)
		return 0;
	if ((size = tail_read(fd, &tail)) > 0)
		rows = closing_make(&tail, json, &out);
	if (out.len != 0 && !append(fd, &out, size))
		rows = 0;
	close(fd);
	buf_fini(&tail);
	buf_fini(&out);
	return rows;
}

struct recent {
	int64_t date;
	struct timespec at;
};

/* The days whose files were written last, the latest first: of those that were
 * written by now, or of those that a clock that is ahead, or was, has made. */
static size_t
recent_find(const char *path, time_t now, bool ahead,
    struct recent recent[RECENT])
{
	DIR *d = opendir(path);
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct recent r = { .date = dayfile_date(e->d_name) };
		struct stat st;
		size_t at;

		if (r.date < 0 || strcmp(e->d_name + 10, JSONL) != 0 ||
		    fstatat(dirfd(d), e->d_name, &st, 0) < 0 ||
		    (st.st_mtim.tv_sec > now) != ahead)
			continue;
		r.at = st.st_mtim;
		for (at = n; at > 0 && (r.at.tv_sec > recent[at - 1].at.tv_sec
		    || (r.at.tv_sec == recent[at - 1].at.tv_sec &&
		    r.at.tv_nsec > recent[at - 1].at.tv_nsec)); at--)
			if (at < RECENT)
				recent[at] = recent[at - 1];
		if (at < RECENT)
			recent[at] = r;
		n += n < RECENT;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

static size_t
days_recover(const char *dir, const char *slug, time_t now, bool ahead)
{
	char *path = xasprintf("%s/%s", dir, slug);
	struct recent recent[RECENT];
	size_t n = recent_find(path, now, ahead, recent), rows = 0;

	for (size_t i = 0; i < n; i++) {
		char *text = asrunfile_path(dir, slug, recent[i].date, "");
		char *json = asrunfile_path(dir, slug, recent[i].date,
		    ".jsonl");

		rows += file_recover(json, true);
		file_recover(text, false);
		free(text);
		free(json);
	}
	free(path);
	return rows;
}

size_t
asrunfile_recover(const char *dir)
{
	time_t now = time(NULL);
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t rows = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		/* What is closed has been written now. */
		rows += days_recover(dir, e->d_name, now, false);
		rows += days_recover(dir, e->d_name, now, true);
	}
	if (d != NULL)
		closedir(d);
	return rows;
}

/* ---- Days */

int
asrunfile_days(const char *dir, const char *slug, int64_t **dates, size_t *n)
{
	return dayfile_days(dir, slug, ".asrun", dates, n);
}
