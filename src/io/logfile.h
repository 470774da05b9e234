/* logfile.h - playout.log: one event a line, "TIME LEVEL EVENT key=value ...",
 * UTC with milliseconds.  Values with spaces are quoted, control characters
 * escaped.  The only module with a global: the process has one log. */

#ifndef IO_LOGFILE_H
#define IO_LOGFILE_H

#include <stdbool.h>

enum log_level {
	LOG_ERROR,		/* something does not work */
	LOG_WARN,		/* someone should look */
	LOG_INFO,		/* what an operator wants at 3 a.m. */
	LOG_DEBUG,
};

/* Also to stderr where foreground; debug events only where verbose, else from
 * info on. */
void logfile_init(bool foreground, bool verbose);

/* "error", "warn", "info" or "debug" and what is graver; 0, or -1 if it is no
 * such word. */
int logfile_set_level(const char *name);

/* Append to dir/playout.log from now on (made if missing); 0 or -errno. */
int logfile_open(const char *dir);
void logfile_close(void);

/* One event.  fmt makes "key=value key=value" already. */
void logfile(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A value for a log line: quoted and escaped where it must be; one of a few
 * static buffers, good until eight more calls. */
const char *logfile_value(const char *s);

#endif
