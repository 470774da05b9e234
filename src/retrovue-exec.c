/* retrovue-exec - start a child of retrovued that cannot outlive it nor do
 * harm; see retrovue-exec(8).
 *
 *	retrovue-exec -p PID [-s off|on|required] [-n NICE] [-k N] [-u USER]
 *	    [-r PATH]... [-e NAME]... [--] PROGRAM [ARGUMENT ...]
 *
 * Becomes PROGRAM, after the steps below.  What reads media files is large
 * and its input hostile: bound like this, a child that has been taken over
 * reads the one file it plays, writes to its pipes, and reckons.
 *
 *	retrovue-exec -T READ OTHER PROGRAM
 *
 * is for `retrovuectl doctor`: run behind the shim itself, it tries all that
 * must be refused, and prints a line of "NAME ERRNO" for each.
 *
 * Exit: 64 usage, 126 what must be set could not be, 127 no such PROGRAM. */

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "exec_parts.h"

#define EX_CANNOT	126
#define EX_NOT_FOUND	127

enum need {
	USEFUL,			/* it goes on without */
	NEEDED,			/* it does not */
	BOUND,			/* part of the sandbox: as its mode says */
};

/* In this order: what needs privileges, then the change of user, then what
 * that would undo; the sandbox last, which would be in the way. */
static const struct step {
	const char *name;
	enum need need;
	int (*take)(const struct exec_job *job);
} steps[] = {
	{ "setpgid", USEFUL, exec_group },
	{ "signals", USEFUL, exec_signals },
	{ "nice", USEFUL, exec_nice },
	{ "oom_score_adj", USEFUL, exec_oom },
	{ "RLIMIT_CORE", USEFUL, exec_core },
	{ "user", NEEDED, exec_user },
	{ "PR_CAP_AMBIENT", USEFUL, exec_ambient },
	{ "PR_SET_PDEATHSIG", NEEDED, exec_parent },
	{ "close_range", NEEDED, exec_descriptors },
	{ "environment", BOUND, exec_environment },
	{ "setrlimit", BOUND, exec_limits },
	{ "no_new_privs", BOUND, exec_no_new_privs },
	{ "landlock", BOUND, exec_land },
	{ "seccomp", BOUND, exec_calls },
};

static int
complain(const char *what, int code)
{
	fprintf(stderr, "retrovue-exec: %s: %s\n", what, strerror(errno));
	return code;
}

static int
usage(void)
{
	fputs("usage: retrovue-exec -p PID [-s off|on|required] [-n NICE] "
	    "[-k N] [-u USER]\n"
	    "           [-r PATH]... [-e NAME]... PROGRAM [ARGUMENT ...]\n"
	    "retrovued starts its children with it.\n", stderr);
	return EX_USAGE;
}

static bool
number(const char *s, long min, long max, int *out)
{
	char *end;
	long n = strtol(s, &end, 10);

	*out = (int)n;
	return end != s && *end == '\0' && n >= min && n <= max;
}

static bool
mode_parse(const char *s, enum exec_mode *out)
{
	static const char *const names[] = {
		[EXEC_OFF] = "off", [EXEC_ON] = "on",
		[EXEC_REQUIRED] = "required",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(s, names[i]) == 0) {
			*out = (enum exec_mode)i;
			return true;
		}
	return false;
}

/* The two lists hold no more than there are arguments. */
static bool
parse(int argc, char **argv, struct exec_job *job)
{
	bool good = true;
	int c;

	while (good && (c = getopt(argc, argv, "+e:k:n:p:r:s:u:")) != -1) {
		if (c == 'p')
			good = number(optarg, 1, INT_MAX, &job->parent);
		else if (c == 'k')
			good = number(optarg, 3, INT_MAX, &job->keep);
		else if (c == 'n')
			good = number(optarg, 0, 19, &job->nice);
		else if (c == 's')
			good = mode_parse(optarg, &job->mode);
		else if (c == 'u')
			job->user = optarg;
		else if (c == 'r')
			job->read[job->nread++] = optarg;
		else if (c == 'e')
			job->env[job->nenv++] = optarg;
		else
			good = false;
	}
	job->argv = argv + optind;
	return good && job->parent > 0 && optind < argc;
}

/* 0 to go on, else the exit code. */
static int
take_steps(const struct exec_job *job)
{
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		const struct step *s = &steps[i];
		bool fatal = s->need == NEEDED ||
		    (s->need == BOUND && job->mode == EXEC_REQUIRED);

		if (s->need == BOUND && job->mode == EXEC_OFF)
			continue;
		if (s->take(job) < 0 && fatal)
			return complain(s->name, EX_CANNOT);
	}
	return 0;
}

static int
become(struct exec_job *job)
{
	const char *name = job->argv[0];
	int rc;

	if (exec_find(job) < 0) {
		if (errno != ENOEXEC)
			return complain(name, errno == ENOENT ? EX_NOT_FOUND :
			    EX_CANNOT);
		fprintf(stderr, "retrovue-exec: %s is a script, which cannot "
		    "start anything in a sandbox: name the program itself, "
		    "or set ffmpeg.sandbox: off\n", job->path);
		return EX_CANNOT;
	}
	if ((rc = take_steps(job)) != 0)
		return rc;
	execv(job->path, job->argv);
	return complain(job->path, EX_CANNOT);
}

int
main(int argc, char **argv)
{
	struct exec_job job = { .keep = 3, .mode = EXEC_ON };

	if (argc == 5 && strcmp(argv[1], "-T") == 0)
		return exec_try(argv + 2);
	job.read = calloc((size_t)argc + 1, sizeof *job.read);
	job.env = calloc((size_t)argc + 1, sizeof *job.env);
	if (job.read == NULL || job.env == NULL)
		return complain("memory", EX_CANNOT);
	if (!parse(argc, argv, &job))
		return usage();
	return become(&job);
}
