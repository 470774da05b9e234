#include "base/blame.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define EXIT_CANNOT	126	/* the shim's, retrovue-exec(8), and the */
#define EXIT_NOT_FOUND	127	/* ... dynamic linker's */

static const int system_errors[] = { EIO, ESTALE, ETIMEDOUT, ENOTCONN,
    ENOMEM, EMFILE, ENFILE, EAGAIN };

/* What may also be said of something else than the file counts only where it
 * is all that is said. */
static const struct {
	const char *words;
	bool alone;
} verdicts[] = {
	{ "Invalid data found when processing input", false },
	{ "moov atom not found", false },
	{ "no picture at its in-point", false },
	{ "Invalid argument", true },
	{ "End of file", true },
};

static bool
is_the_system_s(const char *words)
{
	for (size_t i = 0; i < sizeof system_errors /
	    sizeof system_errors[0]; i++)
		if (strstr(words, strerror(system_errors[i])) != NULL)
			return true;
	return false;
}

static bool
is_the_file_s(const char *words)
{
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
		if (verdicts[i].alone ? strcmp(words, verdicts[i].words) == 0 :
		    strstr(words, verdicts[i].words) != NULL)
			return true;
	return false;
}

enum blame
blame_words(const char *words)
{
	if (is_the_system_s(words))
		return BLAME_SYSTEM;
	return is_the_file_s(words) ? BLAME_FILE : BLAME_NOBODY;
}

enum blame
blame_exit(int status, const char *words)
{
	if (status == EXIT_CANNOT || status == EXIT_NOT_FOUND)
		return BLAME_SYSTEM;
	return blame_words(words);
}
