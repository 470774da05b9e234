/* outfile.h - a file that whole lines are appended to.  Blocks on disks, but
 * never on a FIFO, a pipe or a terminal. */

#ifndef IO_OUTFILE_H
#define IO_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outfile {
	int fd;			/* -1: not open */
	bool fixed;		/* fd is not ours to open or close */
	bool sync;		/* its lines are to be synced */
	char *path;		/* of what is open; owned */
	bool torn;		/* its last line has no end */
	uint64_t unsynced;	/* lines */
};

/* Append a line.  Where no file is open, that is the one at path, which is
 * made with its directories if need be and begins with head (unless NULL)
 * where it is new or empty.  0, or an error number: then no part of the line
 * is left behind, or, where even that fails, the next one begins on a line of
 * its own. */
int outfile_write(struct outfile *f, const char *path, const char *head,
    const char *line, size_t len);

/* How many lines may be lost because they could not be synced. */
uint64_t outfile_sync(struct outfile *f);

/* The same, and closed; nothing is done to one that is fixed. */
uint64_t outfile_close(struct outfile *f);

#endif
