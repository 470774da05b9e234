#include "air/genre.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#define FILM		0x10	/* movie or drama, general */
#define AGE_MIN		4	/* EN 300 468 6.2.28: 1 to 15, and 3 years */
#define AGE_MAX		18

/* EN 300 468 table 28, by the words that TheTVDB, TMDB and IMDb use.  The
 * first that the text begins with counts. */
static const struct {
	const char *name;
	uint8_t content;
} genres[] = {
	{ "action", 0x12 }, { "adventure", 0x12 }, { "western", 0x12 },
	{ "war", 0x12 }, { "crime", 0x11 }, { "detective", 0x11 },
	{ "mystery", 0x11 }, { "suspense", 0x11 }, { "thriller", 0x11 },
	{ "film-noir", 0x11 }, { "science fiction", 0x13 },
	{ "sci-fi", 0x13 }, { "fantasy", 0x13 }, { "horror", 0x13 },
	{ "comedy", 0x14 }, { "sitcom", 0x14 }, { "soap", 0x15 },
	{ "romance", 0x16 }, { "history", 0x17 }, { "historical", 0x17 },
	{ "biography", 0x17 }, { "religion", 0x17 }, { "drama", 0x10 },
	{ "mini-series", 0x10 }, { "news", 0x20 }, { "weather", 0x21 },
	{ "documentary", 0x23 }, { "interview", 0x24 },
	{ "debate", 0x24 }, { "game show", 0x31 }, { "game-show", 0x31 },
	{ "quiz", 0x31 }, { "variety", 0x32 }, { "reality", 0x30 },
	{ "show", 0x30 }, { "talk", 0x33 }, { "sport", 0x40 },
	{ "football", 0x43 }, { "soccer", 0x43 }, { "tennis", 0x44 },
	{ "children", 0x50 }, { "kids", 0x50 }, { "family", 0x50 },
	{ "animation", 0x55 }, { "anime", 0x55 }, { "cartoon", 0x55 },
	{ "puppet", 0x55 }, { "music", 0x60 }, { "rock", 0x61 },
	{ "classical", 0x62 }, { "folk", 0x63 }, { "jazz", 0x64 },
	{ "opera", 0x65 }, { "ballet", 0x66 }, { "art", 0x70 },
	{ "society", 0x80 }, { "politics", 0x80 }, { "education", 0x90 },
	{ "nature", 0x91 }, { "animals", 0x91 }, { "science", 0x92 },
	{ "technology", 0x92 }, { "medicine", 0x93 }, { "travel", 0xa1 },
	{ "home and garden", 0xa0 }, { "handicraft", 0xa2 },
	{ "fitness", 0xa4 }, { "food", 0xa5 }, { "cooking", 0xa5 },
	{ "shopping", 0xa6 }, { "gardening", 0xa7 },
};

static uint8_t
content_of(const char *genre)
{
	for (size_t i = 0; i < LENGTH(genres); i++)
		if (strncasecmp(genre, genres[i].name,
		    strlen(genres[i].name)) == 0)
			return genres[i].content;
	return 0;
}

uint8_t
genre_content(const struct asset *a)
{
	const struct texts *t = &a->about.genres;

	for (size_t i = 0; i < t->n; i++)
		if (content_of(t->v[i]) != 0)
			return content_of(t->v[i]);
	return a->type == ASSET_movie ? FILM : 0;
}

/* Those that name an age: of American television and cinemas, and whose
 * number is the age. */
static const struct {
	const char *name, *country;
	uint8_t age;		/* 0: the number behind the name */
} ratings[] = {
	{ "TV-Y7", "USA", 7 }, { "TV-14", "USA", 14 }, { "TV-MA", "USA", 17 },
	{ "PG-13", "USA", 13 }, { "R", "USA", 17 }, { "NC-17", "USA", 18 },
	{ "FSK", "DEU", 0 }, { "BBFC", "GBR", 0 },
};

uint8_t
genre_age(const char *rating, const char **country)
{
	if (rating == NULL)
		return 0;
	for (size_t i = 0; i < LENGTH(ratings); i++) {
		size_t n = strlen(ratings[i].name);
		const char *p = rating + n;
		long age = ratings[i].age;

		if (strncasecmp(rating, ratings[i].name, n) != 0 ||
		    (age != 0 && *p != '\0'))
			continue;
		if (age == 0)
			age = strtol(p + strspn(p, " -:"), NULL, 10);
		*country = ratings[i].country;
		return age >= AGE_MIN && age <= AGE_MAX ? (uint8_t)age : 0;
	}
	return 0;
}
