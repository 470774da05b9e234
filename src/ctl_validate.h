/* ctl_validate.h - what is wrong with files, for programs. */

#ifndef CTL_VALIDATE_H
#define CTL_VALIDATE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Append an object: ok, how many channels were read and faults found, and
 * faults and warnings, each with file (or null), line and column (from 1; 0:
 * none) and text, in the order of the lines for people. */
void ctl_validate_json(const struct errs *e, size_t channels,
    struct buf *out);

#endif
