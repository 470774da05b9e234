#include "io/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/instant.h"
#include "base/utf8.h"
#include "base/xmem.h"
#include "io/journal.h"

#define LINE_MAX_BYTES	2048	/* but for its time, and how often it came */
#define TIME_MAX_BYTES	80
#define TIMES_MAX_BYTES	40
#define REPEAT_S	60	/* lines are the same again for so long */
#define VALUE_MAX	512
#define VALUES		8

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_WARN] = "warn",
	[LOG_INFO] = "info", [LOG_DEBUG] = "debug",
};

static struct {
	struct journal *journal;	/* NULL: nothing is logged */
	struct journal_log *terminal;	/* NULL: not in the foreground */
	bool foreground, verbose;
	enum log_level level;	/* what is less grave is left out */
	char last[LINE_MAX_BYTES];	/* the line before, without its time */
	time_t last_at;			/* when it came for the first time */
	uint64_t times;			/* how often it has come */
} log_ = { .level = LOG_INFO };

void
logfile_init(bool foreground, bool verbose)
{
	log_.foreground = foreground;
	log_.verbose = verbose;
	log_.level = verbose ? LOG_DEBUG : LOG_INFO;
}

int
logfile_set_level(const char *name)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
		if (strcmp(name, level_names[i]) != 0)
			continue;
		log_.level = (enum log_level)i;
		return 0;
	}
	return -1;
}

void
logfile_configure(const char *level)
{
	if (!log_.verbose)
		logfile_set_level(level);
}

static bool
needs_quotes(const char *s)
{
	if (*s == '\0')
		return true;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == '"' || *s == '\\' ||
		    *s == 0x7f)
			return true;
	return false;
}

/* A character of n bytes at s, as it may stand in a log: no controls, and only
 * what is UTF-8.  Returns where it ends; it takes 16 bytes at most. */
static char *
character_put(char *p, const char *s, size_t n)
{
	const uint8_t *u = (const uint8_t *)s;

	if (utf8_len(u) == 0 || utf8_is_control(utf8_get(u, n))) {
		for (size_t i = 0; i < n; i++)
			p += snprintf(p, 5, "\\x%02x", u[i]);
		return p;
	}
	if (*s == '"' || *s == '\\')
		*p++ = '\\';
	memcpy(p, s, n);
	return p + n;
}

/* The value of a key at v, of VALUE_MAX bytes. */
static void
value_put(char *v, const char *s)
{
	bool quote = needs_quotes(s);
	char *p = v;
	size_t n;

	if (quote)
		*p++ = '"';
	for (; *s != '\0' && p < v + VALUE_MAX - 20; s += n) {
		n = utf8_len((const uint8_t *)s);
		n += n == 0;
		p = character_put(p, s, n);
	}
	if (quote)
		*p++ = '"';
	*p = '\0';
}

/* "2026-01-15T14:30:00.123Z ". */
static size_t
time_put(char *at, size_t room, const struct timespec *ts)
{
	char text[INSTANT_TEXT];
	int n;

	instant_print(text, ts->tv_sec * NS_PER_S + ts->tv_nsec);
	n = snprintf(at, room, "%s ", text);
	return n > 0 ? (size_t)n : 0;
}

void
logfile_make(struct buf *line, enum log_level level, const char *event,
    const char *fmt, ...)
{
	char at[TIME_MAX_BYTES], text[LINE_MAX_BYTES];
	struct timespec now;
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	clock_gettime(CLOCK_REALTIME, &now);
	time_put(at, sizeof at, &now);
	buf_addf(line, "%s%s %s %s\n", at, level_names[level], event, text);
}

/* A journal_tell_fn: a log is in trouble, or out of it again. */
static void
trouble_tell(struct buf *line, const char *path, int error, uint64_t lost)
{
	char file[VALUE_MAX], cause[VALUE_MAX];

	value_put(file, path);
	value_put(cause, strerror(error));
	if (error != 0)
		logfile_make(line, LOG_ERROR, "log_failed",
		    "file=%s cause=%s", file, cause);
	else
		logfile_make(line, LOG_WARN, "log_lost",
		    "file=%s lines=%" PRIu64, file, lost);
}

static void
line_put(const char *text, uint64_t times, const struct timespec *now)
{
	char line[TIME_MAX_BYTES + LINE_MAX_BYTES + TIMES_MAX_BYTES];
	size_t n = time_put(line, sizeof line, now);

	n += (size_t)snprintf(line + n, sizeof line - n, times > 1 ?
	    "%s times=%" PRIu64 "\n" : "%s\n", text, times);
	journal_put(log_.journal, journal_main(log_.journal), NULL, NULL,
	    line, n);
	if (log_.terminal != NULL)
		journal_put(log_.journal, log_.terminal, NULL, NULL, line, n);
}

static bool
is_power_of_two(uint64_t n)
{
	return (n & (n - 1)) == 0;
}

/* How often the last line has come, where that has not been said yet. */
static void
repeats_end(void)
{
	struct timespec now;

	if (log_.journal == NULL || is_power_of_two(log_.times))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	line_put(log_.last, log_.times, &now);
}

/* Lines that repeat are counted: told at the 2nd, 4th, 8th ... time, and the
 * count before another line, or once a minute. */
static void
text_put(const char *text)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (strcmp(text, log_.last) == 0 && now.tv_sec >= log_.last_at &&
	    now.tv_sec - log_.last_at < REPEAT_S) {
		if (is_power_of_two(++log_.times))
			line_put(text, log_.times, &now);
		return;
	}
	repeats_end();
	line_put(text, 1, &now);
	snprintf(log_.last, sizeof log_.last, "%s", text);
	log_.times = 1;
	log_.last_at = now.tv_sec;
}

int
logfile_open(const char *dir)
{
	char *path = xasprintf("%s/playout.log", dir);
	int fd, rc = 0;

	mkdir(dir, 0755);
	/* Whether it can be, is better known before there is a station. */
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NONBLOCK, 0644);
	if (fd >= 0)
		close(fd);
	else if (errno != ENXIO)	/* a FIFO, so far without a reader */
		rc = -errno;
	if (rc == 0) {
		log_.journal = journal_new(path, trouble_tell);
		if (log_.foreground)
			log_.terminal = journal_fd(log_.journal, "stderr",
			    STDERR_FILENO);
	}
	free(path);
	return rc;
}

int
logfile_start(void)
{
	return journal_start(log_.journal);
}

/* The new file begins with a line, however often that has been said. */
void
logfile_reopen(void)
{
	repeats_end();
	log_.times = 0;
	log_.last[0] = '\0';
	journal_reopen(log_.journal);
	logfile(LOG_INFO, "logs_reopened", "pid=%d", (int)getpid());
}

void
logfile_close(int timeout_ms)
{
	repeats_end();
	if (log_.journal != NULL)
		journal_end(log_.journal, timeout_ms);
	log_.journal = NULL;
}

uint64_t
logfile_lost(void)
{
	return log_.journal != NULL ? journal_lost(log_.journal) : 0;
}

struct journal *
logfile_journal(void)
{
	return log_.journal;
}

void
logfile(enum log_level level, const char *event, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	va_list ap;
	size_t n;
	int more;

	if (level > log_.level || log_.journal == NULL)
		return;
	n = (size_t)snprintf(text, sizeof text, "%s %s ", level_names[level],
	    event);
	va_start(ap, fmt);
	more = vsnprintf(text + n, sizeof text - n, fmt, ap);
	va_end(ap);
	n += more < 0 ? 0 : (size_t)more;
	if (n > sizeof text - 1)
		n = sizeof text - 1;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
	text_put(text);
}

const char *
logfile_value(const char *s)
{
	static char values[VALUES][VALUE_MAX];
	static unsigned turn;
	char *v = values[turn++ % VALUES];

	value_put(v, s);
	return v;
}
