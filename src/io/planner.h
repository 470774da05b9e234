/* planner.h - plans ahead of the loop: what every channel airs today and
 * tomorrow, stored as transmission logs and handed to the timelines that the
 * loop reads, so that it finds its days planned; and then the days of the
 * guide, from the same plan.
 *
 * Happy path: planner_take(), a thread plans each channel's days and stores
 * them, planner_step() on the loop sees that a day has passed, the next one
 * is planned, stored and handed over.  Where the thread is late or the disk
 * full the loop plans for itself, the same: days are a pure function. */

#ifndef IO_PLANNER_H
#define IO_PLANNER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "io/guides.h"
#include "media/edition.h"

struct planner;

/* NULL where there is no thread to be had: then nobody plans ahead, and there
 * is no guide.  guides is borrowed. */
struct planner *planner_new(uv_loop_t *loop, const char *state_dir,
    struct guides *guides);

/* Plan for that edition, which is on the air, from now on, unless it is an
 * early one or the clock was set by years since it was made; the one before it
 * is the planner's to free, once its thread has done with it. */
void planner_take(struct planner *p, struct edition *ed, int64_t now_ns);

/* Have done what is due by now (house clock); call it often. */
void planner_step(struct planner *p, int64_t now_ns);

/* Stop soon, wait so long at most for the thread, free; the handle is closed
 * by then and goes with the loop's next turn.  False where a disk holds the
 * thread: it is left behind with all that it reads, and only _exit() is
 * left. */
bool planner_close(struct planner *p, int64_t ms);

#endif
