/* eit.h - what is on, and what time it is, for who reads only the stream: EIT
 * present/following and TDT (ETSI EN 300 468 5.2.4, 5.2.5), each one
 * section. */

#ifndef TS_EIT_H
#define TS_EIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define EIT_SECTION_MAX	4096

/* A programme as a receiver sees it.  Texts are UTF-8 or what is taken for
 * it, NULL where there is none. */
struct eit_event {
	uint16_t id;
	int64_t start;		/* UTC, seconds since 1970 */
	int64_t duration;	/* seconds */
	const char *language;	/* ISO 639-2, three letters; NULL: unknown */
	const char *title, *subtitle, *description;
	uint8_t content;	/* content_nibbles, table 28; 0: unknown */
	const char *country;	/* ISO 3166, three letters: by whose rule ... */
	uint8_t age;		/* ... one must be so old, 4 to 18; 0: none */
};

/* Append the event with its descriptors, as a section holds it: name and text
 * in a short_event_descriptor, a description that is too long for that in
 * extended ones as well, up to about 2,000 bytes of it. */
void eit_event_put(struct buf *out, const struct eit_event *e);

/* One of the two sections of the present/following table, with its CRC; event
 * is what eit_event_put() made, empty for none.  Returns its length. */
size_t eit_make(uint8_t section[EIT_SECTION_MAX], uint16_t ts_id,
    bool following, uint8_t version, const struct buf *event);

/* The TDT of that moment, UTC seconds since 1970. */
size_t tdt_make(uint8_t section[EIT_SECTION_MAX], int64_t utc);

#endif
