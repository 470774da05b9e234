/* proc.h - one child process: its pipes and its end.
 *
 * One heap object per child, freed when it has been forgotten and its
 * output's end, its exit and all close callbacks are in, in any order.
 * uv_close() on a process handle before its exit callback would leave a
 * zombie; waitpid() is never called.
 * Besides stdout and stderr a child has descriptor 3, for lines about what it
 * does; all that came there is told before its exit is.
 * stdout is a real pipe of up to 1 MiB (libuv's own is a socket pair, whose
 * buffer cannot hold the child back as exactly). */

#ifndef IO_PROC_H
#define IO_PROC_H

#include <stdint.h>
#include <uv.h>

#include "air/shim.h"

struct proc;

enum proc_end {
	PROC_WELL,		/* exit code 0 */
	PROC_BADLY,		/* another */
	PROC_KILLED,		/* a signal */
	PROC_OUTSIDE,		/* it could not become what it was to be, or
				 * says that the system has failed it */
};

struct proc_hooks {
	void (*on_bytes)(void *ctx, uint64_t id, const uint8_t *data,
	    size_t len);
	void (*on_eof)(void *ctx, uint64_t id);
	void (*on_line)(void *ctx, uint64_t id, const char *line);
	/* why: NULL if it ended well, else a text with its last words. */
	void (*on_exit)(void *ctx, uint64_t id, enum proc_end end,
	    const char *why);
};

/* Start argv, through the exec shim where there is one (else NULL), and begin
 * to read its output; NULL with *error set to a libuv error code. */
struct proc *proc_spawn(uv_loop_t *loop, uint64_t id, const struct shim *shim,
    char **argv, const struct proc_hooks *hooks, void *ctx, int *error);

void proc_read(struct proc *p);		/* go on reading */
void proc_hold(struct proc *p);		/* let its pipe fill */
void proc_close_output(struct proc *p);	/* on_eof follows at once */
void proc_signal(struct proc *p, int signum);
int proc_pid(const struct proc *p);

/* No more hooks; it is freed when it has ended. */
void proc_forget(struct proc *p);

#endif
