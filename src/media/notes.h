/* notes.h - what people have written beside their files: .nfo, tvshow.nfo,
 * FILE.yaml.
 *
 * A file is what the last of these says: its name, its container's tags, the
 * tvshow.nfo above it, its .nfo, its sidecar.  Notes are read once and kept
 * in the database until they change. */

#ifndef MEDIA_NOTES_H
#define MEDIA_NOTES_H

#include "base/err.h"
#include "media/db.h"
#include "media/walk.h"
#include "plan/library.h"
#include "plan/station.h"

struct notes;

/* All is borrowed and outlives it.  Reads end soon once *stop (may be NULL)
 * is not zero. */
struct notes *notes_new(const struct station *st, const struct walk *w,
    struct db *d, const volatile int *stop, struct errs *e);
void notes_free(struct notes *n);

/* Apply all that is said of f to a, and its library's tags.  What is known
 * is not read again.  0, or -1 where the sidecar is at fault, which is told;
 * an .nfo that cannot be read is a warning. */
int notes_apply(struct notes *n, const struct walk_file *f,
    const struct db_notes *known, struct asset *a);

/* Apply the sidecar at path to a, which is not bad; the same answers. */
int notes_read_sidecar(const char *path, struct asset *a, struct errs *e);

#endif
