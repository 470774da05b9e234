#include "io/guides.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "io/discard.h"
#include "io/logfile.h"

struct guides {
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);
	void *ctx;
	struct book *book;
	struct book_source source;	/* by the edition's channels; NULL: */
	size_t missing;			/* ... of so many there is none yet */
	bool stale;			/* the book is not of these */
	bool busy;			/* one is being made */
	bool closing;
	LIST_HEAD(, guides_waiter) waiters;
	volatile int stop;		/* atomic: give up */
};

/* A book on its way; what is in it is its own. */
struct work {
	uv_work_t req;
	struct guides *guides;
	struct book_source source;
	int64_t now_s;
	struct book *book;
};

/* All but the guides. */
static void
source_fini(struct book_source *s)
{
	free(s->station);
	free(s->base);
	free(s->guides);
}

static void
forget(struct guides *g)
{
	for (size_t i = 0; i < g->source.n; i++)
		guide_unref(g->source.guides[i]);
	source_fini(&g->source);
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
tell_waiters(struct guides *g)
{
	struct guides_waiter *w;

	while ((w = LIST_FIRST(&g->waiters)) != NULL) {
		LIST_REMOVE(w, link);
		w->on_book(w);
	}
}

static void
on_work(uv_work_t *req)
{
	struct work *w = req->data;

	w->book = book_new(&w->source, w->now_s, &w->guides->stop);
}

/* What says the same is as old as it was. */
static void
take(struct guides *g, struct book *b)
{
	if (g->book != NULL && g->book->print == b->print)
		b->made_s = g->book->made_s;
	discard_book(g->loop, g->book);
	g->book = b;
	for (size_t i = 0; i < b->n; i++)
		if (b->channels[i].logo_fault != NULL)
			logfile(LOG_WARN, "logo", "channel=%s file=%s text=%s",
			    logfile_value(b->channels[i].guide->number),
			    logfile_value(b->channels[i].guide->logo),
			    logfile_value(b->channels[i].logo_fault));
	logfile(LOG_INFO, "guide", "channels=%zu bytes=%zu", b->n,
	    b->body->len);
	tell_waiters(g);
}

static void
source_copy(struct book_source *to, const struct book_source *from)
{
	*to = (struct book_source){
		.station = xstrdup(from->station),
		.base = xstrdup(from->base),
		.guides = xcalloc(from->n, sizeof *to->guides),
		.n = from->n,
	};
	for (size_t i = 0; i < from->n; i++)
		to->guides[i] = guide_ref(from->guides[i]);
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
	source_fini(&w->source);
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
	w->now_s = g->now(g->ctx) / NS_PER_S;
	source_copy(&w->source, &g->source);
	uv_queue_work(g->loop, &w->req, on_work, on_made);
}

struct guides *
guides_new(uv_loop_t *loop, int64_t (*now)(void *ctx), void *ctx)
{
	struct guides *g = xcalloc(1, sizeof *g);

	g->loop = loop;
	g->now = now;
	g->ctx = ctx;
	LIST_INIT(&g->waiters);
	return g;
}

void
guides_begin(struct guides *g, const struct station *st, size_t n)
{
	struct buf base = { 0 };

	forget(g);
	station_base_path(st, &base);
	g->source = (struct book_source){
		.station = xstrdup(st->name),
		.base = xstrdup(buf_str(&base)),
		.guides = xcalloc(n, sizeof *g->source.guides),
		.n = n,
	};
	buf_fini(&base);
	g->missing = n;
	g->stale = true;
	start(g);			/* there may be no channel at all */
}

void
guides_put(struct guides *g, size_t i, struct guide *guide)
{
	g->missing -= g->source.guides[i] == NULL;
	guide_unref(g->source.guides[i]);
	g->source.guides[i] = guide;
	g->stale = true;
	start(g);
}

struct book *
guides_book(struct guides *g)
{
	return g->book;
}

void
guides_await(struct guides *g, struct guides_waiter *w)
{
	LIST_INSERT_HEAD(&g->waiters, w, link);
}

void
guides_leave(struct guides_waiter *w)
{
	LIST_REMOVE(w, link);
}

/* A work that has not begun yet need not. */
void
guides_close(struct guides *g)
{
	g->closing = true;
	__atomic_store_n(&g->stop, 1, __ATOMIC_RELAXED);
	tell_waiters(g);
	free_if_done(g);
}
