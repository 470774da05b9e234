/* Landlock: of all files only those named here can be opened, none of them
 * for writing, and no TCP, no abstract socket and no signal leads out.
 *
 * The numbers are the kernel's for good (uapi linux/landlock.h); the header
 * of an older system lacks the later ones, which the kernel it runs on may
 * have all the same. */

#include "exec_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#define FS_READ		(LANDLOCK_ACCESS_FS_READ_FILE |			\
			 LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FILE		(LANDLOCK_ACCESS_FS_READ_FILE |			\
			 LANDLOCK_ACCESS_FS_EXECUTE)	/* not for a dir only */

/* What each version can refuse. */
static const struct {
	uint64_t fs, net, scoped;
} versions[] = {
	[1] = { .fs = (UINT64_C(1) << 13) - 1 },
	[2] = { .fs = UINT64_C(1) << 13 },		/* refer */
	[3] = { .fs = UINT64_C(1) << 14 },		/* truncate */
	[4] = { .net = 3 },				/* bind, connect */
	[5] = { .fs = UINT64_C(1) << 15 },		/* ioctl of devices */
	[6] = { .scoped = 3 },				/* sockets, signals */
};
#define VERSIONS	((long)(sizeof versions / sizeof versions[0]))

/* Zero at the end is taken by kernels to whom that end is unknown. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* What every child reads: the libraries and fonts, how many processors there
 * are, and what allocators look at. */
static const char *const common[] = {
	"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/etc/ld.so.cache",
	"/etc/ld.so.preload", "/dev/null", "/dev/zero", "/dev/urandom",
	"/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo",
	"/proc/stat", "/proc/sys/vm/overcommit_memory",
};

/* What is not there needs no rule. */
static int
allow(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr a = { .allowed_access = access };
	struct stat st;
	long rc = -1;

	if ((a.parent_fd = open(path, O_PATH | O_CLOEXEC)) < 0)
		return 0;
	if (fstat(a.parent_fd, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			a.allowed_access &= FS_FILE;
		rc = syscall(SYS_landlock_add_rule, rules,
		    LANDLOCK_RULE_PATH_BENEATH, &a, 0);
	}
	close(a.parent_fd);
	return (int)rc;
}

/* Nothing else can be run, not even from /usr. */
static int
allow_program(int rules, const char *path)
{
	char *loader = exec_loader(path);
	int rc = allow(rules, path, FS_FILE);

	if (rc == 0 && loader != NULL)
		rc = allow(rules, loader, FS_FILE);
	free(loader);
	return rc;
}

static int
fill(int rules, const struct exec_job *job)
{
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (allow(rules, common[i], FS_READ) < 0)
			return -1;
	for (size_t i = 0; i < job->nread; i++)
		if (allow(rules, job->read[i], FS_READ) < 0)
			return -1;
	return allow_program(rules, job->path);
}

static int
ruleset_make(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset a = { 0 };

	if (version < 1)
		return -1;
	for (long i = 1; i <= version && i < VERSIONS; i++) {
		a.fs |= versions[i].fs;
		a.net |= versions[i].net;
		a.scoped |= versions[i].scoped;
	}
	return (int)syscall(SYS_landlock_create_ruleset, &a, sizeof a, 0);
}

int
exec_land(const struct exec_job *job)
{
	int rules = ruleset_make(), rc;

	if (rules < 0)
		return -1;
	rc = fill(rules, job);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return rc;
}
