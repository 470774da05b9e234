/* logfile.h - playout.log: one event a line, "TIME LEVEL EVENT key=value ...",
 * UTC with milliseconds.  Values with spaces are quoted, control characters
 * escaped.  Written by a journal's thread, so that no disk holds the loop.
 * The only module with a global: the process has one log.  For one thread. */

#ifndef IO_LOGFILE_H
#define IO_LOGFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct journal;

enum log_level {
	LOG_ERROR,		/* something does not work */
	LOG_WARN,		/* someone should look */
	LOG_INFO,		/* what an operator wants at 3 a.m. */
	LOG_DEBUG,
};

/* Also to stderr where foreground; debug events too where verbose, whatever
 * the configuration says. */
void logfile_init(bool foreground, bool verbose);

/* "error", "warn", "info" or "debug" and what is graver; 0, or -1 if it is no
 * such word. */
int logfile_set_level(const char *name);

/* The same as the configuration says it, which verbose overrides. */
void logfile_configure(const char *level);

/* Log to dir/playout.log (both made if missing); 0 or -errno.  Lines are
 * queued until logfile_start(). */
int logfile_open(const char *dir);

/* Begin to write, in a thread, which no later fork takes along; 0 or
 * -errno. */
int logfile_start(void);

/* The files have been renamed: make new ones. */
void logfile_reopen(void);

/* Write what is left, for so long at most. */
void logfile_close(int timeout_ms);

/* Lines that could not be written, of all logs. */
uint64_t logfile_lost(void);

/* What writes it, for other logs to share, or NULL. */
struct journal *logfile_journal(void);

/* One event.  fmt makes "key=value key=value" already. */
void logfile(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Append such a line to a buffer, for another thread that hands it to the
 * journal; the level set does not matter here. */
void logfile_make(struct buf *line, enum log_level level, const char *event,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A value for a log line: quoted and escaped where it must be; one of a few
 * static buffers, good until eight more calls. */
const char *logfile_value(const char *s);

#endif
