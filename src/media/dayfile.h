/* dayfile.h - what as-run logs and transmission logs have in common on disk:
 * files DIR/CHANNEL/DATE + suffix, of which one kind has an object of JSON a
 * line. */

#ifndef MEDIA_DAYFILE_H
#define MEDIA_DAYFILE_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/rate.h"

/* The path of a day's file, malloc'd. */
char *dayfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix);

/* The day in a name that begins with "2026-01-15"; -1 if it does not. */
int64_t dayfile_date(const char *name);

/* The days of which there is a file with that suffix, ascending; *dates is
 * malloc'd.  -1 with errno where the directory cannot be read. */
int dayfile_days(const char *dir, const char *slug, const char *suffix,
    int64_t **dates, size_t *n);

/* When frame n is on the air, in UTC: "2026-01-15T20:00:00.000Z". */
json_t *dayfile_json_frame(struct rate r, int64_t n);

/* Append j as a line, and free it. */
void dayfile_add_line(struct buf *out, json_t *j);

#endif
