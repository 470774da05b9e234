#include "media/mounts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "plan/seed.h"

#define MULTIPLIER	UINT64_C(1099511628211)	/* FNV-1a's prime */

/* After the separator: there the type is. */
static const char *const passing[] = { " - tmpfs ", " - overlay ",
    " - nsfs " };

static bool
is_passing(const char *line)
{
	for (size_t i = 0; i < LENGTH(passing); i++)
		if (strstr(line, passing[i]) != NULL)
			return true;
	return false;
}

/* A line begins with the mount's own number, which its successor at the same
 * place does not share while something still hangs on the first. */
uint64_t
mounts_stamp_of(FILE *in)
{
	uint64_t stamp = 0;
	char *line = NULL;
	size_t cap = 0;

	while (getline(&line, &cap, in) > 0)
		if (!is_passing(line))
			stamp = stamp * MULTIPLIER ^ seed_text(line);
	free(line);
	return stamp;
}

uint64_t
mounts_stamp(void)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	uint64_t stamp;

	if (in == NULL)
		return 0;
	stamp = mounts_stamp_of(in);
	fclose(in);
	return stamp;
}
