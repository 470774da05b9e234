/* journal.h - lines on their way to disk: whoever has one hands it over and
 * goes on, a thread of its own writes.  No disk, pipe or terminal can make
 * the loop wait.
 *
 * Happy path: journal_put() copies the line into a bounded queue, the thread
 * opens the file where need be, writes the line and, of logs that want it,
 * syncs a batch at a time.  Ways it fails: the queue is full (a disk hangs),
 * or the line cannot be written (a disk is full): then the line is lost, and
 * counted.  A part of the queue is for the logs that are synced, so that no
 * flood in another one costs them a line.  That a log has begun to fail is
 * told in the main log, and how many lines were lost once it works again.  For
 * want of a descriptor lines wait in the queue.  A line of which only a part
 * could be written is cut off; where even that fails, the next one begins on
 * a line of its own.
 *
 * Any thread may call; nothing here waits but journal_end(). */

#ifndef IO_JOURNAL_H
#define IO_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct journal;
struct journal_log;

/* Called in the thread: make the line that tells of a log in trouble.  error:
 * why it fails from now on, or 0: it works, but so many lines were lost. */
typedef void journal_tell_fn(struct buf *line, const char *path, int error,
    uint64_t lost);

/* The main log is the file at path.  Lines are queued; nothing is written
 * before journal_start(), which may come after a fork. */
struct journal *journal_new(const char *path, journal_tell_fn *tell);

/* 0 or -errno. */
int journal_start(struct journal *j);

/* Write what is queued, for so long at most, and end.  Where that is not
 * enough the thread and its memory are left behind: false.  Without a thread
 * it is written here. */
bool journal_end(struct journal *j, int timeout_ms);

struct journal_log *journal_main(struct journal *j);

/* The log of that name, which lasts as long as j; its lines may go to one
 * file after another.  sync: a line is to be on the disk soon. */
struct journal_log *journal_log(struct journal *j, const char *name,
    bool sync);

/* A log that is this descriptor, which is never closed; what it does not take
 * at once is lost. */
struct journal_log *journal_fd(struct journal *j, const char *name, int fd);

/* Queue a line (with its newline) for the file at path; NULL: at the log's
 * name.  Directories are made.  A file that is new or empty begins with head,
 * where it is not NULL. */
void journal_put(struct journal *j, struct journal_log *g, const char *path,
    const char *head, const char *line, size_t len);

/* Call run(arg) in the thread, after the lines that were put before and before
 * those that are put after. */
void journal_call(struct journal *j, void (*run)(void *arg), void *arg);

/* All files are closed, and opened anew when there is a line for them. */
void journal_reopen(struct journal *j);

/* Lines lost so far, of all logs. */
uint64_t journal_lost(struct journal *j);

#endif
