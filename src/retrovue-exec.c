/* retrovue-exec - start a child of retrovued that cannot outlive it.
 *
 *	retrovue-exec -p PID PROGRAM [ARGUMENT ...]
 *
 * Becomes PROGRAM, with: a process group of its own, so that a terminal's
 * Ctrl-C is the daemon's to handle; SIGKILL when the parent PID dies, however
 * it does; no descriptor but 0, 1, 2; all signals as usual; no core files.
 * Exit: 64 usage, 126 what must be set could not be, 127 no such PROGRAM. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#define EX_CANNOT	126
#define EX_NOT_FOUND	127

static int
complain(const char *what, int code)
{
	fprintf(stderr, "retrovue-exec: %s: %s\n", what, strerror(errno));
	return code;
}

/* The signal is sent when the parent dies from now on: it may have died
 * before, and then we are another's child already. */
static int
die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return complain("PR_SET_PDEATHSIG", EX_CANNOT);
	if (getppid() != parent)
		raise(SIGKILL);
	return 0;
}

/* What exec does not reset: ignored signals and the mask. */
static void
reset_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);	/* KILL and STOP refuse */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

int
main(int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };
	char *end;
	long pid;
	int rc;

	if (argc < 4 || strcmp(argv[1], "-p") != 0 ||
	    (pid = strtol(argv[2], &end, 10)) <= 0 || *end != '\0') {
		fputs("usage: retrovue-exec -p PID PROGRAM [ARGUMENT ...]\n"
		    "retrovued starts its children with it.\n", stderr);
		return EX_USAGE;
	}
	if ((rc = die_with((pid_t)pid)) != 0)
		return rc;
	(void)setpgid(0, 0);
	reset_signals();
	(void)setrlimit(RLIMIT_CORE, &none);
	if (close_range(STDERR_FILENO + 1, ~0u, 0) < 0)
		return complain("close_range", EX_CANNOT);
	execvp(argv[3], argv + 3);
	return complain(argv[3], EX_NOT_FOUND);
}
