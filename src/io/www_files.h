/* www_files.h - the files of the station's page, as they were when the program
 * was built. */

#ifndef IO_WWW_FILES_H
#define IO_WWW_FILES_H

#include <stddef.h>
#include <stdint.h>

struct www_file {
	const char *name, *type;
	const uint8_t *data, *end;
};

/* The first is the page itself. */
extern const struct www_file www_files[];
extern const size_t www_nfiles;

#endif
