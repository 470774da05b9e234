/* hanging.h - disks that do not answer before they may. */

#ifndef TESTS_HANGING_H
#define TESTS_HANGING_H

#include <stdbool.h>
#include <unistd.h>

#include "media/limbo.h"

struct hanging {
	int gate[2], told[2];
	size_t n;
};

static inline bool
hanging_open(struct hanging *h)
{
	h->n = 0;
	return pipe(h->gate) == 0 && pipe(h->told) == 0;
}

static inline void
hanging_run(void *arg, const volatile int *stop)
{
	const struct hanging *h = arg;
	char c;

	(void)stop;
	while (read(h->gate[0], &c, 1) < 0)
		;
}

static inline void
hanging_drop(void *arg)
{
	const struct hanging *h = arg;

	while (write(h->told[1], "", 1) < 0)
		;
}

/* Whoever looks at place finds that it hangs. */
static inline bool
hanging_leave(struct hanging *h, const char *place)
{
	const struct limbo_work w = {
		.run = hanging_run, .drop = hanging_drop, .arg = h,
		.timeout_ms = 1, .place = place,
	};

	h->n++;
	return !limbo_run(&w);
}

/* All answer again. */
static inline void
hanging_close(struct hanging *h)
{
	char c;

	close(h->gate[1]);
	for (; h->n > 0; h->n--)
		while (read(h->told[0], &c, 1) < 0)
			;
	close(h->gate[0]);
	close(h->told[0]);
	close(h->told[1]);
}

#endif
