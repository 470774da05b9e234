/* asrunfile.h - as-run logs on disk: DIR/CHANNEL/DATE.asrun for people, and
 * beside each DATE.asrun.jsonl, one JSON object a line, for programs.
 *
 * Only ever appended to.  A daemon that was killed leaves a SEG_START without
 * its other row, and maybe half a line; asrunfile_recover() closes both.
 * Blocks on disks, but for asrunfile_add_json(). */

#ifndef MEDIA_ASRUNFILE_H
#define MEDIA_ASRUNFILE_H

#include <stdint.h>

#include "air/asrun.h"
#include "base/buf.h"

/* The path of a day's log, malloc'd; suffix "" or ".jsonl". */
char *asrunfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix);

/* Append a row as a line of JSON. */
void asrunfile_add_json(struct buf *out, const struct chan *ch,
    const struct asrun_row *r);

/* In each directory below dir, close what is open in the two days' files that
 * were written last, and in as many of those that were written after now: a
 * clock may be wrong, or have been.  Returns how many rows that took; what
 * cannot be read or written is left as it is. */
size_t asrunfile_recover(const char *dir);

/* The days of which there is a log, ascending; *dates malloc'd.  -1 with
 * errno where the directory cannot be read. */
int asrunfile_days(const char *dir, const char *slug, int64_t **dates,
    size_t *n);

#endif
