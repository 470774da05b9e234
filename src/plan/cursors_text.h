/* cursors_text.h - cursors as texts by name, to be stored with the log of the
 * day that they come after.
 *
 * The name of a cursor says whose turn it is: the layer, the start and the
 * pools of a block, and which of its pools where each has one.  So a channel
 * file may change between two days: what is still in it goes on where it was,
 * what is new begins at its beginning, what is gone is forgotten. */

#ifndef PLAN_CURSORS_TEXT_H
#define PLAN_CURSORS_TEXT_H

#include <stdbool.h>

#include "plan/chan.h"
#include "plan/cursors.h"
#include "plan/pairs.h"

/* Add all that has moved; those at their first position need no word. */
void cursors_save(const struct cursors *c, const struct chan *ch,
    struct pairs *out);

/* Set *c, which is cursors_init()'s, to what is stored, sorted; names that
 * the channel does not have are passed over.  False where a value is not what
 * cursors_save() writes: *c is then as good as any, and not to be believed. */
bool cursors_load(struct cursors *c, const struct chan *ch,
    const struct pairs *in);

#endif
