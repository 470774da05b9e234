/* ctl_validate.h - what is wrong with a station's files. */

#ifndef CTL_VALIDATE_H
#define CTL_VALIDATE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "media/config.h"

/* What cfg's channels will show on the air, by the library as it was last
 * scanned and what has become of its files since: see selection_check().
 * config is the station file, for what is about all of it. */
void ctl_validate_plan(const struct config *cfg, const char *config,
    struct errs *e);

/* Append an object: ok, how many channels were read and faults found, and
 * faults and warnings, each with file (or null), line and column (from 1; 0:
 * none) and text, in the order of the lines for people. */
void ctl_validate_json(const struct errs *e, size_t channels,
    struct buf *out);

#endif
