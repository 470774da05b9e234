#include "plan/library.h"

#include <stdlib.h>
#include <string.h>

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

void
library_free(struct library *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++) {
		free(l->assets[i].path);
		free(l->assets[i].title);
		free(l->assets[i].markers);
		free(l->assets[i].audio);
		free(l->assets[i].bad);
	}
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
