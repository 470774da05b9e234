/* privs.h - from root to a user, for good.
 *
 * Also linked into retrovue-exec, so it needs nothing but the C library.
 * Nothing here logs: errors are -errno. */

#ifndef IO_PRIVS_H
#define IO_PRIVS_H

#include <sys/types.h>

#define PRIVS_USER	"retrovue"	/* unless the station has another */

struct privs {
	const char *name;	/* borrowed */
	uid_t uid;
	gid_t gid;
};

/* The user of that name; 0, or -ENOENT where there is none. */
int privs_find(const char *name, struct privs *p);

/* As root: do what follows as that user, until privs_leave(); for making
 * files that shall be his. */
int privs_enter(const struct privs *p);
int privs_leave(const struct privs *p);

/* As root: become that user with all his groups, no others, and no way back,
 * which is tried. */
int privs_become(const struct privs *p);

#endif
