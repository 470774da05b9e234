/* pidfile.h - the daemon's pid in a file that is locked while it lives.
 *
 * The lock says whether a daemon runs, the number only which: one that was
 * left behind by a daemon that was killed is taken over.  The lock is that of
 * flock(2), which a fork shares, so it is taken while there still is somebody
 * to tell and kept in the background.
 *
 * The path may be written to by others.  No symbolic link is followed, and
 * only what can be a PID file (regular, one name, empty or one number) is
 * ever written to. */

#ifndef IO_PIDFILE_H
#define IO_PIDFILE_H

#include <sys/types.h>

struct pidfile;

/* Lock the file at path, made where missing, and put our pid into it.  0 with
 * *out set; -EAGAIN where another holds it, whose pid is *other (0: unknown);
 * -EINVAL where what is there is no PID file; else -errno (-ELOOP: a symbolic
 * link). */
int pidfile_open(struct pidfile **out, const char *path, pid_t *other);

/* Put our pid into it anew, after a fork; 0 or -errno. */
int pidfile_write(const struct pidfile *p);

/* Remove the file, if it still is ours, unlock and free.  p may be NULL. */
void pidfile_close(struct pidfile *p);

#endif
