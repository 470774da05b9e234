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
 * CTL_READ_ALL, with a sentence in *why if a URL's document was shorter than
 * that; CTL_READ_CUT with one if its stream broke off, or ended before that
 * without having said how long it is; CTL_READ_NONE with one that says why
 * nothing could be read. */
enum {
	CTL_READ_ALL = 0,
	CTL_READ_CUT = 1,
	CTL_READ_NONE = -1,
};

int ctl_read(const char *source, int64_t seconds, ctl_read_fn *fn, void *ctx,
    struct buf *why);

#endif
