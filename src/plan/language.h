/* language.h - which of an asset's sounds a channel wants, by language: people
 * write "en", "eng", "English", "en-GB", files "eng", "deu" or "ger". */

#ifndef PLAN_LANGUAGE_H
#define PLAN_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/library.h"

/* The one key of a language, its ISO 639-2/T code in small letters; false
 * where s names none.  Any three letters are a code. */
bool language_key(const char *s, char key[4]);

/* The same, but the two letters of ISO 639-1 where it has such, as XMLTV and
 * HTML want it (RFC 5646 2.2.1). */
bool language_short(const char *s, char key[4]);

/* Which of n > 0 sounds: the first in the wanted language, since the
 * container's default is the first of all; else the first.  wanted may be
 * NULL. */
size_t language_pick(const struct asset_audio *audio, size_t n,
    const char *wanted);

#endif
