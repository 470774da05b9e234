/* samplelib.h - a library that has what the sample station names. */

#ifndef SAMPLELIB_H
#define SAMPLELIB_H

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "plan/library.h"

#define SAMPLELIB_MAX	1000

/* Takes path. */
static inline struct asset *
samplelib_add(struct library *l, char *path, enum asset_type type,
    int64_t seconds)
{
	struct asset *a = &l->assets[l->n++];

	if (l->n > SAMPLELIB_MAX)
		abort();
	*a = (struct asset){
		.path = path, .title = xstrdup(path), .type = type,
		.duration_us = seconds * US_PER_S, .has_video = true,
		.has_audio = true, .audio_stream = 1,
		.about = ASSET_ABOUT_NONE,
	};
	return a;
}

static inline void
samplelib_add_series(struct library *l, const char *name, const char *genre)
{
	for (int i = 0; i < 60; i++) {
		struct asset *a = samplelib_add(l, xasprintf(
		    "/srv/media/shows/%s/%s S%02dE%02d.mkv", name, name,
		    1 + i / 20, 1 + i % 20), ASSET_episode,
		    22 * 60 + i * 7 % 90);

		a->about.series = xstrdup(name);
		a->about.season = 1 + i / 20;
		a->about.episode = 1 + i % 20;
		texts_add(&a->about.genres, genre);
	}
}

static inline void
samplelib_add_films(struct library *l)
{
	static const char *const ratings[] = { "G", "PG", "PG-13", "R" };
	static const char *const genres[] = { "horror", "animation", "drama" };

	for (int i = 0; i < 60; i++) {
		struct asset *a = samplelib_add(l, xasprintf(
		    "/srv/media/films/%02d.mkv", i), ASSET_movie,
		    80 * 60 + i * 91 % 2400);

		a->about.year = 1950 + i;
		a->about.rating = xstrdup(ratings[i % 4]);
		texts_add(&a->about.genres, genres[i % 3]);
		if (i % 4 == 1)
			texts_add(&a->about.tags, "christmas");
	}
}

/* So many of them, in a directory, with a tag. */
static inline void
samplelib_add_some(struct library *l, const char *dir, const char *name,
    int n, enum asset_type type, int64_t seconds, const char *tag)
{
	for (int i = 0; i < n; i++) {
		struct asset *a = samplelib_add(l, xasprintf(
		    "/srv/media/%s/%s%02d.mkv", dir, name, i), type,
		    seconds + i * 13 % 60);

		if (tag != NULL)
			texts_add(&a->about.tags, tag);
	}
}

static inline int
samplelib_by_path(const void *pa, const void *pb)
{
	const struct asset *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

/* Free it with library_free(). */
static inline struct library *
samplelib_new(void)
{
	struct library *l = xcalloc(1, sizeof *l);

	l->assets = xcalloc(SAMPLELIB_MAX, sizeof *l->assets);
	samplelib_add_series(l, "Cheers", "comedy");
	samplelib_add_series(l, "Wings", "comedy");
	samplelib_add_series(l, "Taxi", "comedy");
	samplelib_add_series(l, "Barney Miller", "comedy");
	samplelib_add_series(l, "General Hospital", "drama");
	samplelib_add_series(l, "Jonny Quest", "animation");
	samplelib_add_films(l);
	samplelib_add_some(l, "shows/Shorts", "", 40, ASSET_episode, 6 * 60, "cartoon");
	samplelib_add_some(l, "bumpers", "hello", 3, ASSET_bumper, 10, NULL);
	samplelib_add_some(l, "bumpers", "bye", 3, ASSET_bumper, 10, NULL);
	samplelib_add_some(l, "bumpers", "card", 4, ASSET_bumper, 10, "ratings");
	samplelib_add_some(l, "bumpers", "feature", 2, ASSET_bumper, 20, "feature");
	samplelib_add_some(l, "specials/Parade", "", 3, ASSET_movie, 55 * 60, NULL);
	samplelib_add_some(l, "commercials", "", 40, ASSET_commercial, 15, NULL);
	samplelib_add_some(l, "filler", "", 5, ASSET_filler, 200, NULL);
	samplelib_add(l, xstrdup("/srv/media/bumpers/anthem.mkv"), ASSET_bumper, 90);
	samplelib_add(l, xstrdup("/srv/media/shows/News/Bulletin.mkv"), ASSET_episode,
	    25 * 60);
	samplelib_add(l, xstrdup("/srv/media/specials/Carol.mkv"), ASSET_movie, 70 * 60);
	qsort(l->assets, l->n, sizeof *l->assets, samplelib_by_path);
	return l;
}

#endif
