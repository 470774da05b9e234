#include "io/guides.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "io/logfile.h"

struct guides {
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);
	void *ctx;
	struct book *book;
	char *station;
	struct guide **v;		/* by the edition's channels; NULL: */
	size_t n, missing;		/* ... of so many there is none yet */
	bool stale;			/* the book is not of these */
	bool busy;			/* one is being made */
	bool closing;
	volatile int stop;		/* atomic: give up */
};

/* A book on its way; what is in it is its own. */
struct work {
	uv_work_t req;
	struct guides *guides;
	char *station;
	struct guide **v;
	size_t n;
	int64_t now_s;
	struct book *book;
};

static void
forget(struct guides *g)
{
	for (size_t i = 0; i < g->n; i++)
		guide_unref(g->v[i]);
	free(g->v);
	free(g->station);
}

static void
free_if_done(struct guides *g)
{
	if (!g->closing || g->busy)
		return;
	forget(g);
	book_free(g->book);
	free(g);
}

static void
on_work(uv_work_t *req)
{
	struct work *w = req->data;

	w->book = book_new(w->station, w->v, w->n, w->now_s,
	    &w->guides->stop);
}

static void
drop_work(uv_work_t *req)
{
	book_free(req->data);
}

static void
drop_done(uv_work_t *req, int status)
{
	(void)status;
	free(req);
}

/* Of many programmes that takes its time: not on the loop. */
static void
drop(struct guides *g, struct book *b)
{
	uv_work_t *w = xcalloc(1, sizeof *w);

	w->data = b;
	uv_queue_work(g->loop, w, drop_work, drop_done);
}

/* What says the same is as old as it was. */
static void
take(struct guides *g, struct book *b)
{
	if (g->book != NULL && g->book->print == b->print)
		b->made_s = g->book->made_s;
	drop(g, g->book);
	g->book = b;
	for (size_t i = 0; i < b->n; i++)
		if (b->channels[i].logo_fault != NULL)
			logfile(LOG_WARN, "logo", "channel=%s file=%s text=%s",
			    logfile_value(b->channels[i].guide->number),
			    logfile_value(b->channels[i].guide->logo),
			    logfile_value(b->channels[i].logo_fault));
	logfile(LOG_INFO, "guide", "channels=%zu bytes=%zu", b->n,
	    b->body.len);
}

static void start(struct guides *g);

static void
on_made(uv_work_t *req, int status)
{
	struct work *w = req->data;
	struct guides *g = w->guides;

	(void)status;
	g->busy = false;
	if (g->closing)
		book_free(w->book);
	else if (w->book != NULL)
		take(g, w->book);
	free(w->station);
	free(w->v);
	free(w);
	start(g);
	free_if_done(g);
}

/* Where there is something to be made and nothing being made. */
static void
start(struct guides *g)
{
	struct work *w;

	if (g->closing || g->busy || !g->stale || g->missing > 0)
		return;
	g->stale = false;
	g->busy = true;
	w = xcalloc(1, sizeof *w);
	w->req.data = w;
	w->guides = g;
	w->station = xstrdup(g->station);
	w->now_s = g->now(g->ctx) / NS_PER_S;
	w->v = xcalloc(g->n, sizeof *w->v);
	for (w->n = 0; w->n < g->n; w->n++)
		w->v[w->n] = guide_ref(g->v[w->n]);
	uv_queue_work(g->loop, &w->req, on_work, on_made);
}

struct guides *
guides_new(uv_loop_t *loop, int64_t (*now)(void *ctx), void *ctx)
{
	struct guides *g = xcalloc(1, sizeof *g);

	g->loop = loop;
	g->now = now;
	g->ctx = ctx;
	return g;
}

void
guides_begin(struct guides *g, const char *station, size_t n)
{
	forget(g);
	g->station = xstrdup(station);
	g->v = xcalloc(n, sizeof *g->v);
	g->n = g->missing = n;
	g->stale = true;
	start(g);			/* there may be no channel at all */
}

void
guides_put(struct guides *g, size_t i, struct guide *guide)
{
	g->missing -= g->v[i] == NULL;
	guide_unref(g->v[i]);
	g->v[i] = guide;
	g->stale = true;
	start(g);
}

struct book *
guides_book(struct guides *g)
{
	return g->book;
}

/* A work that has not begun yet need not. */
void
guides_close(struct guides *g)
{
	g->closing = true;
	__atomic_store_n(&g->stop, 1, __ATOMIC_RELAXED);
	free_if_done(g);
}
