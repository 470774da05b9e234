/* title.h - what a file is called where nobody has said better. */

#ifndef MEDIA_TITLE_H
#define MEDIA_TITLE_H

/* The last part of path without its extension, as clean UTF-8: file names
 * are any bytes, guides are not.  malloc'd. */
char *title_of_path(const char *path);

#endif
