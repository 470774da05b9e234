#include "io/discard.h"

#include <stdlib.h>

#include "base/xmem.h"

static void
edition_work(uv_work_t *w)
{
	edition_free(w->data);
}

static void
book_work(uv_work_t *w)
{
	book_free(w->data);
}

static void
on_done(uv_work_t *w, int status)
{
	(void)status;
	free(w);
}

static void
discard(uv_loop_t *loop, void *what, uv_work_cb work)
{
	uv_work_t *w;

	if (what == NULL)
		return;
	w = xcalloc(1, sizeof *w);
	w->data = what;
	uv_queue_work(loop, w, work, on_done);
}

void
discard_edition(uv_loop_t *loop, struct edition *ed)
{
	discard(loop, ed, edition_work);
}

void
discard_book(uv_loop_t *loop, struct book *b)
{
	discard(loop, b, book_work);
}
