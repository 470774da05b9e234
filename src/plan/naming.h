/* naming.h - what a file's name, and those of the directories above it, say
 * about it.
 *
 * "Cheers (1982)/Season 01/Cheers - S01E02 - Sam's Women.mkv",
 * "Alien.1979.1080p.BluRay.x264-GRP.mkv", "Cola - 1985.mp4": names follow
 * customs, not rules, so nothing here fails, and what is not understood is a
 * title.  Names are any bytes; what comes out is clean UTF-8. */

#ifndef PLAN_NAMING_H
#define PLAN_NAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/library.h"

/* Fill title, series, series_year, season, episode and year of a, which has
 * its path and type and is about nothing yet.  The first root bytes of the
 * path are the library's; what is above it says nothing, but that its own
 * name is the series' where files stand there without one.  An episode may
 * be left without a title. */
void naming_read(struct asset *a, size_t root);

/* Where a has no title by now it is called by series and number: "Cheers
 * S01E02". */
void naming_set_title(struct asset *a);

/* True where that is all that its title says. */
bool naming_is_number(const struct asset *a);

/* Put "Cheers (1982)", as people write it, into series and series_year.  A
 * year that is known stays where another text names the same series. */
void naming_set_series(struct asset_about *a, const char *name);

/* True where a title is what a release is called ("Cheers.S01E02.720p"). */
bool naming_is_release(const char *title);

#endif
