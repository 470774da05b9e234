/* blame.h - whose fault it is that a program could not do with a media file
 * what it was to do, by what it said: the file's, which stays so until the file
 * changes, or the system's, which may pass. */

#ifndef BASE_BLAME_H
#define BASE_BLAME_H

enum blame {
	BLAME_NOBODY,		/* they do not say */
	BLAME_FILE,
	BLAME_SYSTEM,		/* its disk, or want of memory, descriptors */
};

/* Of ffmpeg's words, or the channel's; any bytes. */
enum blame blame_words(const char *words);

/* Of a program, started through the shim or not, that has ended with that exit
 * status, which is not 0, and these words. */
enum blame blame_exit(int status, const char *words);

#endif
