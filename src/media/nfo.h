/* nfo.h - what Kodi and its kin write about a file: FILE.nfo beside FILE.mkv
 * (movie, episodedetails), movie.nfo beside a film that is alone, tvshow.nfo
 * above a series' episodes.
 *
 * Hostile input: a document with a DTD is refused, so nothing is expanded and
 * nothing is fetched; what libxml2 guards against stays guarded, and what it
 * takes the square of its length for is refused before it sees it. */

#ifndef MEDIA_NFO_H
#define MEDIA_NFO_H

#include <stddef.h>

#include "plan/facts.h"

#define NFO_MAX		((size_t)1 << 20)	/* bytes of a file */

/* Read the text into *f, for facts_fini().  An .nfo may also be an address
 * or a picture made of letters: what does not begin with '<' says nothing.
 * NULL, or with *f empty a sentence on why it cannot be read. */
const char *nfo_parse(const char *text, size_t len, struct facts *f);

#endif
