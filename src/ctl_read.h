/* ctl_read.h - bytes of a stream, from a file, stdin ("-") or a URL. */

#ifndef CTL_READ_H
#define CTL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* arrival_ns: on a steady clock; -1 of a file.  False: enough, stop. */
typedef bool ctl_read_fn(void *ctx, const uint8_t *data, size_t len,
    int64_t arrival_ns);

bool ctl_read_is_url(const char *source);

/* Hand on all bytes until the end, until fn() has enough, until an interrupt
 * (SIGINT), or of a URL until `seconds` after its first byte (0: for ever).
 * 0, with a sentence in *why if a URL's stream ended before that; -1 with one
 * that says why nothing could be read. */
int ctl_read(const char *source, int64_t seconds, ctl_read_fn *fn, void *ctx,
    struct buf *why);

#endif
