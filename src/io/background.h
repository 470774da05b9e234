/* background.h - to the background, like daemon(3), but who started us waits
 * until the daemon says that it is there: what is in its way is still told,
 * and its PID file is right once the start has returned. */

#ifndef IO_BACKGROUND_H
#define IO_BACKGROUND_H

/* Fork.  In the child, which leads a session of its own: a descriptor for
 * background_done().  In the parent it returns only where there is no child:
 * -1 with errno; else it ends with the child's word, or with EX_OSERR if that
 * never comes. */
int background_begin(void);

/* The parent ends well; from here on the terminal is not ours any more. */
void background_done(int fd);

#endif
