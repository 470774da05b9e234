/* pad.h - black and silence in house format, or a slate, played from memory.
 *
 * Two groups of pictures or more, each an IDR picture and predicted ones, so
 * the stretch can begin at any slot and end at any: it begins with an IDR, has
 * one wherever the channel's key-frame grid wants it, and needs no process.
 * Which group a slot is of is the clock's to say: all that show it show the
 * same.  The two groups of black differ in idr_pic_id (ISO/IEC 14496-10
 * 7.4.3). */

#ifndef AIR_PAD_H
#define AIR_PAD_H

#include <stddef.h>
#include <stdint.h>

#include "ts/au.h"
#include "ts/grid.h"
#include "ts/h264_sets.h"

struct pad;

/* From the output of argv_pad(); NULL with *why set if it is not that. */
struct pad *pad_new(const struct grid *g, const uint8_t *ts, size_t len,
    const char **why);

/* The same of so many groups of g->gop pictures, at least two. */
struct pad *pad_new_loop(const struct grid *g, int64_t groups,
    const uint8_t *ts, size_t len, const char **why);

/* The parameter sets of the first picture in a transport stream; false where
 * they cannot be found. */
bool pad_sets_find(struct h264_sets *s, const uint8_t *ts, size_t len);

/* Bring the pictures under these sets, of argv_sample()'s picture: then a
 * decoder does not see where children's pictures end and pad's begin.  False,
 * and all is as it was, where that cannot be done.  Not once the pad has
 * another user. */
bool pad_sets_change(struct pad *p, const struct h264_sets *to);

/* One more user, who also calls pad_free(). */
struct pad *pad_ref(struct pad *p);
void pad_free(struct pad *p);

/* The picture for slot n of a stretch of pad that began at slot start; the
 * caller frees it. */
struct au *pad_picture(const struct pad *p, int64_t start, int64_t n);

/* The sets that the pictures were brought under, borrowed; or NULL. */
const struct h264_sets *pad_sets(const struct pad *p);

/* One frame of silence, borrowed: fits every place on the audio grid. */
const struct au *pad_silence(const struct pad *p);

#endif
