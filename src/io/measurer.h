/* measurer.h - loudness and lulls, measured behind everybody's back.
 *
 * Happy path: measurer_wake() with each edition; after a pause, so that a
 * start has the machine to itself, a thread measures what nobody has
 * measured (media/measure.h), and on_measured() on the loop asks for the next
 * edition, which knows it.  A large library takes many such rounds.  Where
 * nothing could be measured it rests until it is woken again. */

#ifndef IO_MEASURER_H
#define IO_MEASURER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "air/shim.h"

struct measurer;

struct measurer_env {
	uv_loop_t *loop;
	const char *ffmpeg;
	const struct shim *shim;	/* NULL: none */
	const char *state_dir;		/* copied */
	void (*on_measured)(void *ctx);
	void *ctx;
};

struct measurer *measurer_new(const struct measurer_env *env);

/* Give up soon: said to all that are to end before the first is waited for. */
void measurer_stop(struct measurer *m);

/* Give up soon, wait so long at most for the thread, free; the handles are
 * closed by then and go with the loop's next turn.  False where a disk holds
 * the thread: it is left behind, and only _exit() is left. */
bool measurer_close(struct measurer *m, int64_t ms);

void measurer_wake(struct measurer *m);

struct measurer_state {
	bool busy;
	size_t done, total;	/* files, since it was woken */
};
struct measurer_state measurer_state(const struct measurer *m);

#endif
