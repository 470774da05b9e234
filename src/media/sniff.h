/* sniff.h - what a file's first bytes tell without a program.  A thousand
 * web pages and half-finished downloads with a film's name cost nothing. */

#ifndef MEDIA_SNIFF_H
#define MEDIA_SNIFF_H

#include <stddef.h>
#include <stdint.h>

#define SNIFF_SIZE	4096	/* bytes that are worth a look */

/* Why a file whose first n bytes are head cannot be a media file, or NULL
 * where only ffprobe can tell. */
const char *sniff(const uint8_t *head, size_t n);

#endif
