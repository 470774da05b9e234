#include "io/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"

#define LINE_MAX_BYTES	2048
#define VALUE_MAX	512
#define VALUES		8

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_WARN] = "warn",
	[LOG_INFO] = "info", [LOG_DEBUG] = "debug",
};

static struct {
	int fd;
	bool foreground;
	enum log_level level;	/* what is less grave is left out */
	uint64_t lost;		/* lines that could not be written */
} log_ = { .fd = -1, .level = LOG_INFO };

void
logfile_init(bool foreground, bool verbose)
{
	log_.foreground = foreground;
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

int
logfile_open(const char *dir)
{
	char *path = xasprintf("%s/playout.log", dir);
	int fd, rc = 0;

	mkdir(dir, 0755);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		rc = -errno;
	free(path);
	if (rc < 0)
		return rc;
	logfile_close();
	log_.fd = fd;
	return 0;
}

void
logfile_close(void)
{
	if (log_.fd >= 0)
		close(log_.fd);
	log_.fd = -1;
}

static size_t
time_put(char *at, size_t room)
{
	struct timespec ts;
	struct tm tm;
	int n;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = snprintf(at, room, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, ts.tv_nsec / 1000000);
	return n > 0 ? (size_t)n : 0;
}

static void
line_write(const char *line, size_t len)
{
	if (log_.foreground && write(STDERR_FILENO, line, len) < 0)
		log_.lost++;
	if (log_.fd >= 0 && write(log_.fd, line, len) != (ssize_t)len)
		log_.lost++;
}

void
logfile(enum log_level level, const char *event, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;
	size_t n;
	int more;

	if (level > log_.level)
		return;
	n = time_put(line, sizeof line);
	more = snprintf(line + n, sizeof line - n, " %s %s ", level_names[level],
	    event);
	n += (size_t)more;
	va_start(ap, fmt);
	more = vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	va_end(ap);
	n += more < 0 ? 0 : (size_t)more;
	if (n > sizeof line - 2)
		n = sizeof line - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	line_write(line, n);
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

const char *
logfile_value(const char *s)
{
	static char values[VALUES][VALUE_MAX];
	static unsigned turn;
	char *v = values[turn++ % VALUES], *p = v;
	bool quote = needs_quotes(s);

	if (quote)
		*p++ = '"';
	for (; *s != '\0' && p < v + VALUE_MAX - 8; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			p += snprintf(p, 5, "\\x%02x", (unsigned char)*s);
		else {
			if (*s == '"' || *s == '\\')
				*p++ = '\\';
			*p++ = *s;
		}
	}
	if (quote)
		*p++ = '"';
	*p = '\0';
	return v;
}
