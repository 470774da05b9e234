/* genre.h - what people write of a programme's kind and of who may see it, in
 * the codes of DVB. */

#ifndef AIR_GENRE_H
#define AIR_GENRE_H

#include <stdint.h>

#include "plan/library.h"

/* The content_nibbles (ETSI EN 300 468 table 28) of the first genre that has
 * some; else those of a film for a film; else 0. */
uint8_t genre_content(const struct asset *a);

/* The age that a rating asks for, 4 to 18, or 0 where it names none ("TV-PG"
 * leaves that to parents); *country is whose rating it is, three letters. */
uint8_t genre_age(const char *rating, const char **country);

#endif
