#include "io/privs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

int
privs_find(const char *name, struct privs *p)
{
	const struct passwd *pw = getpwnam(name);

	if (pw == NULL)
		return -ENOENT;
	*p = (struct privs){ name, pw->pw_uid, pw->pw_gid };
	return 0;
}

int
privs_enter(const struct privs *p)
{
	if (p->uid == 0)
		return 0;
	if (initgroups(p->name, p->gid) < 0 || setegid(p->gid) < 0 ||
	    seteuid(p->uid) < 0)
		return -errno;
	return 0;
}

int
privs_leave(const struct privs *p)
{
	if (p->uid == 0)
		return 0;
	return seteuid(0) < 0 || setegid(0) < 0 || setgroups(0, NULL) < 0 ?
	    -errno : 0;
}

/* Any of these would be a way back. */
static int
is_final(const struct privs *p)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	if (getresuid(&r, &e, &s) < 0 || getresgid(&rg, &eg, &sg) < 0)
		return 0;
	return r == p->uid && e == p->uid && s == p->uid && rg == p->gid &&
	    eg == p->gid && sg == p->gid && setuid(0) < 0 &&
	    seteuid(0) < 0 && (p->gid == 0 || setegid(0) < 0);
}

int
privs_become(const struct privs *p)
{
	if (p->uid == 0)
		return 0;
	if (initgroups(p->name, p->gid) < 0 ||
	    setresgid(p->gid, p->gid, p->gid) < 0 ||
	    setresuid(p->uid, p->uid, p->uid) < 0)
		return -errno;
	if (!is_final(p))
		return -EPERM;
	/* The change of ids has hidden /proc/PID from its new owner. */
	(void)prctl(PR_SET_DUMPABLE, 1);
	return 0;
}
