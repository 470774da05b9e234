/* logo.h - a channel's logo from its file. */

#ifndef MEDIA_LOGO_H
#define MEDIA_LOGO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define LOGO_MAX	((size_t)1 << 20)	/* bytes of a file */

/* The media type of a picture that begins like that: PNG, JPEG, GIF, WebP or
 * SVG; NULL: it is none of these. */
const char *logo_type(const uint8_t *data, size_t len);

/* The file's bytes into *out, and its type; or NULL with *why a static text
 * that goes on after "the logo".  Blocks, for some seconds where its disk does
 * not answer; *why is logo_late then. */
extern const char logo_late[];
const char *logo_read(const char *path, struct buf *out, const char **why,
    const volatile int *stop);

#endif
