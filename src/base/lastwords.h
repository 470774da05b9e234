/* lastwords.h - the sentence that matters in what a program said on stderr. */

#ifndef BASE_LASTWORDS_H
#define BASE_LASTWORDS_H

/* The last line that says something, of ffmpeg's or another's: without
 * "[matroska @ 0x55...] " and "file:PATH: " before it, printable ASCII only
 * (bytes of a file are no text for a log), at most max bytes.  malloc'd, ""
 * where there is none. */
char *last_words(const char *text, unsigned max);

#endif
