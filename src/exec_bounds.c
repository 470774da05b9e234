#include "exec_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/privs.h"

#define FILES_MAX	64	/* open at a time; ffmpeg needs a dozen */
#define OOM_SCORE	"500"	/* out of memory, children go first */

/* A terminal's Ctrl-C is the daemon's to handle, and whom it signals. */
int
exec_group(const struct exec_job *job)
{
	(void)job;
	return setpgid(0, 0);
}

/* What exec does not reset: ignored signals and the mask. */
int
exec_signals(const struct exec_job *job)
{
	sigset_t none;

	(void)job;
	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);	/* KILL and STOP refuse */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Who started us may be nicer still. */
int
exec_nice(const struct exec_job *job)
{
	errno = 0;
	if (getpriority(PRIO_PROCESS, 0) >= job->nice && errno == 0)
		return 0;
	return setpriority(PRIO_PROCESS, 0, job->nice);
}

int
exec_oom(const struct exec_job *job)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	ssize_t n;

	(void)job;
	if (fd < 0)
		return -1;
	n = write(fd, OOM_SCORE, strlen(OOM_SCORE));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int
limit(int resource, rlim_t most)
{
	const struct rlimit r = { most, most };

	return setrlimit((__rlimit_resource_t)resource, &r);
}

int
exec_core(const struct exec_job *job)
{
	(void)job;
	return limit(RLIMIT_CORE, 0);
}

int
exec_user(const struct exec_job *job)
{
	struct privs p;
	int rc;

	if (job->user == NULL)
		return 0;
	if ((rc = privs_find(job->user, &p)) == 0)
		rc = privs_become(&p);
	errno = -rc;
	return rc < 0 ? -1 : 0;
}

/* Who may listen on port 80 by them, as systemd gives them, has children who
 * may not. */
int
exec_ambient(const struct exec_job *job)
{
	(void)job;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/* The signal is sent when the parent dies from now on: it may have died
 * before, and then we are another's child already.  A change of user would
 * take it back. */
int
exec_parent(const struct exec_job *job)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	if (getppid() != job->parent)
		raise(SIGKILL);
	return 0;
}

int
exec_descriptors(const struct exec_job *job)
{
	return close_range((unsigned)job->keep, ~0u, 0);
}

/* NAME=VALUE of what is kept, all found before anything is cleared. */
int
exec_environment(const struct exec_job *job)
{
	static const char *const fixed[] = {
		"LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "TZ", "UTC",
		"HOME", "/nonexistent", NULL
	};
	const char *path = getenv("PATH");
	const char **kept = calloc(job->nenv + 1, sizeof *kept);
	int rc = 0;

	if (kept == NULL)
		return -1;
	for (size_t i = 0; i < job->nenv; i++)
		kept[i] = getenv(job->env[i]);
	rc = clearenv();	/* the strings stay where they are */
	for (size_t i = 0; fixed[i] != NULL; i += 2)
		rc |= setenv(fixed[i], fixed[i + 1], 1);
	if (path != NULL)
		rc |= setenv("PATH", path, 1);
	for (size_t i = 0; i < job->nenv; i++)
		if (kept[i] != NULL)
			rc |= setenv(job->env[i], kept[i], 1);
	free(kept);
	return rc != 0 ? -1 : 0;
}

/* Memory has no limit of its own here: what an encoder takes grows with its
 * threads, and so with the machine. */
int
exec_limits(const struct exec_job *job)
{
	struct stat out;

	(void)job;
	if (limit(RLIMIT_NOFILE, FILES_MAX) < 0)
		return -1;
	if (fstat(STDOUT_FILENO, &out) < 0 || !S_ISFIFO(out.st_mode))
		return 0;
	return limit(RLIMIT_FSIZE, 0);
}

int
exec_no_new_privs(const struct exec_job *job)
{
	(void)job;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
