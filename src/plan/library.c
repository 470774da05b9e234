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

void
asset_copy(struct asset *to, const struct asset *from)
{
	*to = *from;
	to->path = xstrdup(from->path);
	to->title = from->title != NULL ? xstrdup(from->title) : NULL;
	to->bad = from->bad != NULL ? xstrdup(from->bad) : NULL;
	to->audio = copy_of(from->audio, from->naudio * sizeof *from->audio);
	to->markers = copy_of(from->markers,
	    from->nmarkers * sizeof *from->markers);
}

void
asset_fini(struct asset *a)
{
	free(a->path);
	free(a->title);
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
asset_is_spot(const struct asset *a)
{
	switch (a->type) {
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
