#include "plan/library.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

static const char *const type_names[ASSET_NTYPES] = {
#define X(name) [ASSET_##name] = #name,
	ASSET_TYPES(X)
#undef X
};

static const char *const kind_names[MARKER_NKINDS] = {
#define X(name) [MARKER_##name] = #name,
	MARKER_KINDS(X)
#undef X
};

static int
find_name(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static int
compare_path(const void *path, const void *asset)
{
	return strcmp(path, ((const struct asset *)asset)->path);
}

int
marker_compare(const void *va, const void *vb)
{
	const struct marker *a = va, *b = vb;

	if (a->start_us != b->start_us)
		return a->start_us < b->start_us ? -1 : 1;
	if (a->end_us != b->end_us)
		return a->end_us < b->end_us ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

static void *
copy_of(const void *p, size_t n)
{
	void *copy;

	if (n == 0)
		return NULL;
	copy = xmalloc(n);
	memcpy(copy, p, n);
	return copy;
}

static char *
text_of(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

void
texts_add(struct texts *t, const char *text)
{
	xgrow(&t->v, &t->cap, t->n + 1, sizeof *t->v);
	t->v[t->n++] = xstrdup(text);
}

void
texts_fini(struct texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
	*t = (struct texts){ 0 };
}

static struct texts
texts_of(const struct texts *from)
{
	struct texts t = { 0 };

	for (size_t i = 0; i < from->n; i++)
		texts_add(&t, from->v[i]);
	return t;
}

void
asset_about_copy(struct asset_about *to, const struct asset_about *from)
{
	*to = *from;
	to->series = text_of(from->series);
	to->plot = text_of(from->plot);
	to->rating = text_of(from->rating);
	to->icon = text_of(from->icon);
	to->advertiser = text_of(from->advertiser);
	to->category = text_of(from->category);
	to->genres = texts_of(&from->genres);
	to->tags = texts_of(&from->tags);
	to->directors = texts_of(&from->directors);
	to->writers = texts_of(&from->writers);
	to->actors = texts_of(&from->actors);
}

void
asset_about_fini(struct asset_about *a)
{
	free(a->series);
	free(a->plot);
	free(a->rating);
	free(a->icon);
	free(a->advertiser);
	free(a->category);
	texts_fini(&a->genres);
	texts_fini(&a->tags);
	texts_fini(&a->directors);
	texts_fini(&a->writers);
	texts_fini(&a->actors);
}

void
asset_copy(struct asset *to, const struct asset *from)
{
	*to = *from;
	to->path = xstrdup(from->path);
	to->title = text_of(from->title);
	to->bad = text_of(from->bad);
	asset_about_copy(&to->about, &from->about);
	to->lulls = copy_of(from->lulls, from->nlulls * sizeof *from->lulls);
	to->audio = copy_of(from->audio, from->naudio * sizeof *from->audio);
	to->markers = copy_of(from->markers,
	    from->nmarkers * sizeof *from->markers);
}

void
asset_fini(struct asset *a)
{
	free(a->path);
	free(a->title);
	asset_about_fini(&a->about);
	free(a->lulls);
	free(a->markers);
	free(a->audio);
	free(a->bad);
}

void
library_free(struct library *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++)
		asset_fini(&l->assets[i]);
	free(l->assets);
	free(l);
}

const struct asset *
library_find(const struct library *l, const char *path)
{
	if (l->n == 0)
		return NULL;
	return bsearch(path, l->assets, l->n, sizeof *l->assets,
	    compare_path);
}

const char *
asset_type_name(enum asset_type t)
{
	return type_names[t];
}

const char *
marker_kind_name(enum marker_kind k)
{
	return kind_names[k];
}

int
asset_type_find(const char *name)
{
	return find_name(name, type_names, ASSET_NTYPES);
}

int
marker_kind_find(const char *name)
{
	return find_name(name, kind_names, MARKER_NKINDS);
}

bool
asset_type_is_spot(enum asset_type t)
{
	switch (t) {
	case ASSET_commercial:
	case ASSET_promo:
	case ASSET_trailer:
	case ASSET_teaser:
	case ASSET_psa:
	case ASSET_stinger:
		return true;
	case ASSET_episode:
	case ASSET_movie:
	case ASSET_station_id:
	case ASSET_bumper:
	case ASSET_filler:
	case ASSET_NTYPES:
		break;
	}
	return false;
}
