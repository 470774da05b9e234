/* noc.h - the slate that says what is wrong: lines of text on a calm plane, as
 * H.264 in house format, made in memory.
 *
 * Neither a process nor a file has part in it, so it can air when these are
 * what is missing.  A stretch of it begins at any slot and ends at any: it
 * begins with an IDR picture and has one wherever the channel's key-frame grid
 * wants it, as pad has (air/pad.h).  Between these a picture holds only what
 * has changed, a dozen bytes if nothing has; so the text may tell the time. */

#ifndef AIR_NOC_H
#define AIR_NOC_H

#include <stdint.h>

#include "ts/au.h"
#include "ts/grid.h"
#include "ts/h264_sets.h"

struct noc;

/* g is copied.  The size is even, 2 to 4096 either way.  It holds two
 * pictures, uncompressed. */
struct noc *noc_new(const struct grid *g, int width, int height);
void noc_free(struct noc *s);

/* From its next IDR picture on it has the encoder's sequence parameter set,
 * that decoders do not begin anew at it; sets is copied, NULL: its own. */
void noc_set_sets(struct noc *s, const struct h264_sets *sets);

/* The picture for slot n of a stretch that began at slot start: an IDR there,
 * on the key-frame grid, and wherever picture n - 1 of the same stretch was
 * not the last that was asked for.  The same texts from an IDR on give the
 * same bytes.
 *
 * text is UTF-8 in lines parted by '\n'.  Long lines are broken, the rest of a
 * long text is cut off with an ellipsis; what has no glyph is a box.  The
 * letters are as large as the text allows.  The caller frees the picture. */
struct au *noc_picture(struct noc *s, int64_t start, int64_t n,
    const char *text);

#endif
