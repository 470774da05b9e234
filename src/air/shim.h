/* shim.h - the command line around a child's: retrovue-exec(8), which bounds
 * what the child may do and then becomes it.
 *
 * Of files a child may read what its command line names with -i file:PATH,
 * and what the shim allows to all of them; so what is probed or played is all
 * that a hostile file can make its reader see. */

#ifndef AIR_SHIM_H
#define AIR_SHIM_H

#include "plan/station.h"

struct shim {
	char *path;		/* of retrovue-exec; NULL: there is none */
	enum sandbox sandbox;
	int nice;
	char *user;		/* NULL: the caller's own */
	char **read;		/* may be read besides; NULL at the end */
	char **env;		/* variables that are kept; the same */
};

/* As the station wants it; path (malloc'd) is taken over, f copied. */
struct shim *shim_new(char *path, const struct station_ffmpeg *f);
struct shim *shim_copy(const struct shim *s);	/* NULL: NULL */
void shim_free(struct shim *s);

/* The whole command line of the child of process pid that runs argv; argv's
 * own where there is no shim (s or its path NULL).  The child has the
 * descriptors below nfds.  All is copied; free with argv_free(). */
char **shim_argv(const struct shim *s, int pid, int nfds,
    const char *const *argv);

#endif
