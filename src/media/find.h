/* find.h - the files of all the station's libraries, found in limbo: a
 * library whose disk does not answer is left out. */

#ifndef MEDIA_FIND_H
#define MEDIA_FIND_H

#include "media/scan.h"
#include "media/walk.h"

/* Walk st's libraries and add o's extra files; *w comes zeroed and is sorted
 * then.  What cannot be read is a warning in e and unread in w. */
void find_files(struct walk *w, const struct station *st,
    const struct scan_options *o, struct errs *e);

#endif
