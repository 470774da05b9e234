/* exec_parts.h - the parts of retrovue-exec.  Each step returns 0, or -1 with
 * errno: ENOSYS or EOPNOTSUPP where the kernel lacks it. */

#ifndef EXEC_PARTS_H
#define EXEC_PARTS_H

#include <stddef.h>
#include <sys/types.h>

enum exec_mode {
	EXEC_OFF,
	EXEC_ON,
	EXEC_REQUIRED,
};

struct exec_job {
	pid_t parent;
	int keep;		/* descriptors from here on are closed */
	int nice;		/* at least */
	enum exec_mode mode;
	const char *user;	/* NULL: who we are */
	const char **read;	/* files and directories, [nread] */
	size_t nread;
	const char **env;	/* names of variables to keep, [nenv] */
	size_t nenv;
	char **argv;		/* what to become */
	char *path;		/* its program, found; malloc'd */
};

/* exec_find.c: fill job->path from PATH.  ENOEXEC: a script, which a sandbox
 * cannot run. */
int exec_find(struct exec_job *job);

/* The loader of the ELF program at path, malloc'd; NULL where it has none. */
char *exec_loader(const char *path);

/* exec_bounds.c */
int exec_group(const struct exec_job *job);
int exec_signals(const struct exec_job *job);
int exec_nice(const struct exec_job *job);
int exec_oom(const struct exec_job *job);
int exec_core(const struct exec_job *job);
int exec_user(const struct exec_job *job);
int exec_ambient(const struct exec_job *job);
int exec_parent(const struct exec_job *job);
int exec_descriptors(const struct exec_job *job);
int exec_environment(const struct exec_job *job);
int exec_limits(const struct exec_job *job);
int exec_no_new_privs(const struct exec_job *job);

/* exec_land.c: which files it may open, see landlock(7). */
int exec_land(const struct exec_job *job);

/* exec_calls.c: which system calls it may make, see seccomp(2). */
int exec_calls(const struct exec_job *job);

/* exec_try.c: try all that must be refused, and report.  argv: what may be
 * read, what may not, a program to run. */
int exec_try(char **argv);

#endif
