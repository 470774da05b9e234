#include "air/pad.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "ts/demux.h"
#include "ts/join.h"

struct pad {
	int refs;		/* beside the first; atomic */
	struct grid grid;
	int64_t groups;
	struct au **pictures;	/* so many times grid.gop */
	int64_t n;
	struct au *silence;
	bool changed;
	struct h264_sets sets;	/* of all pictures, once changed */
};

/* Keep the last whole audio frame of the slot: long past the encoder's
 * start. */
static void
silence_keep(struct pad *p, struct au *audio[JOIN_AUDIO_MAX], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (audio[i] == NULL)
			continue;
		free(p->silence);
		p->silence = audio[i];
	}
}

static const char *
pad_check(const struct pad *p)
{
	if (p->n != p->groups * p->grid.gop)
		return "pictures are missing";
	if (p->silence == NULL)
		return "there is no sound";
	for (int64_t i = 0; i < p->n; i++)
		if (p->pictures[i]->index != i ||
		    p->pictures[i]->key != (i % p->grid.gop == 0))
			return "key frames are not where they belong";
	return NULL;
}

struct pad *
pad_new_loop(const struct grid *g, int64_t groups, const uint8_t *ts,
    size_t len, const char **why)
{
	struct pad *p = xcalloc(1, sizeof *p);
	int64_t all = groups * g->gop;
	struct join *j = join_new(g, 0, all);
	struct au *audio[JOIN_AUDIO_MAX];
	const char *broken;

	p->grid = *g;
	p->groups = groups;
	p->pictures = xcalloc((size_t)all, sizeof p->pictures[0]);
	join_feed(j, ts, len);
	join_end(j);
	while (p->n < all && join_has(j, p->n)) {
		size_t n = join_take(j, p->n, &p->pictures[p->n], audio);

		silence_keep(p, audio, n);
		p->n++;
	}
	broken = join_broken(j);
	join_free(j);
	if ((*why = pad_check(p)) != NULL) {
		if (broken != NULL)
			*why = broken;		/* the cause of it */
		pad_free(p);
		return NULL;
	}
	return p;
}

struct pad *
pad_new(const struct grid *g, const uint8_t *ts, size_t len, const char **why)
{
	return pad_new_loop(g, 2, ts, len, why);
}

struct search {
	struct h264_sets *sets;
	bool over, found;
};

static void
on_pes(void *ctx, enum demux_stream stream, int64_t pts, int64_t dts,
    const uint8_t *data, size_t len)
{
	struct search *s = ctx;

	(void)pts;
	(void)dts;
	if (stream != DEMUX_VIDEO || s->over)
		return;
	s->over = true;
	s->found = h264_sets_find(s->sets, data, len);
}

bool
pad_sets_find(struct h264_sets *s, const uint8_t *ts, size_t len)
{
	struct search search = { .sets = s };
	struct demux *d = demux_new(on_pes, &search);

	demux_feed(d, ts, len);
	demux_end(d);
	demux_free(d);
	return search.found;
}

bool
pad_sets_change(struct pad *p, const struct h264_sets *to)
{
	struct au **changed = xcalloc((size_t)p->n, sizeof changed[0]);
	const struct au *first = p->pictures[0];
	struct h264_sets from;
	struct au **old = changed;
	int64_t i = 0;

	if (h264_sets_find(&from, first->data, first->len))
		while (i < p->n && (changed[i] =
		    h264_sets_change(p->pictures[i], &from, to,
		    (uint32_t)(i % p->grid.gop))) != NULL)
			i++;
	if ((p->changed = i == p->n)) {
		old = p->pictures;
		p->pictures = changed;
		p->sets = *to;
	}
	for (i = 0; i < p->n; i++)
		free(old[i]);
	free(old);
	return p->changed;
}

struct pad *
pad_ref(struct pad *p)
{
	__atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void
pad_free(struct pad *p)
{
	if (p == NULL ||
	    __atomic_fetch_sub(&p->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (int64_t i = 0; i < p->n; i++)
		free(p->pictures[i]);
	free(p->pictures);
	free(p->silence);
	free(p);
}

struct au *
pad_picture(const struct pad *p, int64_t start, int64_t n)
{
	int64_t group = div_floor(n, p->grid.gop);
	int64_t key = group * p->grid.gop > start ? group * p->grid.gop : start;
	int64_t i = mod_floor(group, p->groups) * p->grid.gop + n - key;
	const struct au *u = p->pictures[i];

	return au_new(n, u->key, u->data, u->len);
}

const struct h264_sets *
pad_sets(const struct pad *p)
{
	return p->changed ? &p->sets : NULL;
}

const struct au *
pad_silence(const struct pad *p)
{
	return p->silence;
}
