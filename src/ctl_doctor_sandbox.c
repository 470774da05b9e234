/* The self-test: retrovue-exec -T behind the shim, as a child runs. */

#include "ctl_doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/landlock.h>
#include <linux/seccomp.h>

#include "base/lastwords.h"
#include "base/xmem.h"
#include "media/run.h"

#define PART		"sandbox"
#define TIMEOUT_MS	10000
#define OUT_MAX		65536
#define PROGRAM		"/bin/true"	/* one that no child has to run */

enum guard {
	GUARD_NONE,		/* it must work */
	GUARD_LANDLOCK,
	GUARD_SECCOMP,
};

/* What the self-test tries, in its words and ours. */
static const struct try {
	const char *name;
	enum guard guard;
	const char *what;
} tries[] = {
	{ "read", GUARD_NONE, "reading its media file" },
	{ "thread", GUARD_NONE, "starting a thread" },
	{ "read_other", GUARD_LANDLOCK, "reading another file" },
	{ "list_root", GUARD_LANDLOCK, "listing a directory" },
	{ "exec", GUARD_LANDLOCK, "running another program" },
	{ "write", GUARD_SECCOMP, "writing to a file" },
	{ "create", GUARD_SECCOMP, "making a file" },
	{ "chmod", GUARD_SECCOMP, "changing a file's mode" },
	{ "remove", GUARD_SECCOMP, "removing a file" },
	{ "socket", GUARD_SECCOMP, "a network socket" },
	{ "socket_unix", GUARD_SECCOMP, "a local socket" },
	{ "fork", GUARD_SECCOMP, "a process of its own" },
	{ "clone3", GUARD_SECCOMP, "clone3" },
	{ "kill_parent", GUARD_SECCOMP, "signals to the daemon" },
	{ "kill_all", GUARD_SECCOMP, "signals to all" },
	{ "ptrace", GUARD_SECCOMP, "tracing the daemon" },
	{ "read_memory", GUARD_SECCOMP, "reading the daemon's memory" },
	{ "outlive_parent", GUARD_SECCOMP, "outliving the daemon" },
	{ "change_nice", GUARD_SECCOMP, "changing its priority" },
	{ "memfd", GUARD_SECCOMP, "a file in memory" },
	{ "namespace", GUARD_SECCOMP, "a namespace of its own" },
	{ "mount", GUARD_SECCOMP, "mounting" },
	{ "bpf", GUARD_SECCOMP, "bpf" },
	{ "io_uring", GUARD_SECCOMP, "io_uring" },
};

/* Where the files of the self-test are. */
struct scene {
	char dir[32];
	char *allowed, *other;
};

static const char *const guard_names[] = {
	[GUARD_LANDLOCK] = "landlock",
	[GUARD_SECCOMP] = "seccomp",
};

static bool
required(const struct doctor *d)
{
	return d->cfg->station->ffmpeg.sandbox == SANDBOX_REQUIRED;
}

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

static bool
has_seccomp(void)
{
	const unsigned action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static bool
has(enum guard g)
{
	return g == GUARD_LANDLOCK ? landlock_version() > 0 :
	    g == GUARD_SECCOMP ? has_seccomp() : true;
}

static void
check_kernel(struct doctor *d)
{
	enum verdict lacking = required(d) ? DOCTOR_BAD : DOCTOR_NOTE;
	long version = landlock_version();

	if (version > 0)
		doctor_say(d, PART, "landlock", DOCTOR_GOOD, "version %ld%s",
		    version, version < 4 ? ", which knows no TCP" : "");
	else
		doctor_say(d, PART, "landlock", lacking, "%s", errno ==
		    EOPNOTSUPP ? "switched off in this kernel (lsm=)" :
		    "this kernel lacks it");
	if (has_seccomp())
		doctor_say(d, PART, "seccomp", DOCTOR_GOOD, "filters system "
		    "calls");
	else
		doctor_say(d, PART, "seccomp", lacking, "this kernel lacks "
		    "it");
	if (d->cfg->station->ffmpeg.sandbox == SANDBOX_OFF)
		doctor_say(d, PART, "mode", DOCTOR_NOTE, "ffmpeg.sandbox is "
		    "off: children are not bounded; below is what would be");
	else
		doctor_say(d, PART, "mode", DOCTOR_GOOD, "ffmpeg.sandbox is "
		    "%s", sandbox_names[d->cfg->station->ffmpeg.sandbox]);
}

/* ---- the self-test */

static char *
file_make(const struct scene *s, const char *name)
{
	char *path = xasprintf("%s/%s", s->dir, name);
	FILE *f = fopen(path, "we");

	if (f != NULL) {
		fputs("x", f);
		fclose(f);
		(void)chmod(path, 0644);
	}
	return path;
}

static bool
scene_make(struct scene *s)
{
	strcpy(s->dir, "/tmp/retrovue-doctor.XXXXXX");
	if (mkdtemp(s->dir) == NULL)
		return false;
	(void)chmod(s->dir, 0755);	/* the child may be another user */
	s->allowed = file_make(s, "allowed");
	s->other = file_make(s, "other");
	return true;
}

static void
scene_remove(struct scene *s)
{
	(void)unlink(s->allowed);
	(void)unlink(s->other);
	(void)rmdir(s->dir);
	free(s->allowed);
	free(s->other);
}

/* Run it bounded as children are; what it says is in r. */
static void
self_test(const struct doctor *d, const struct scene *s, struct run_job *r)
{
	char *read[] = { s->allowed, NULL };
	struct shim shim = *d->shim;
	const char *const argv[] = {
		shim.path, "-T", s->allowed, s->other, PROGRAM, NULL
	};

	shim.read = read;
	if (shim.sandbox == SANDBOX_OFF)
		shim.sandbox = SANDBOX_ON;
	*r = (struct run_job){
		.argv = argv, .shim = &shim, .timeout_ms = TIMEOUT_MS,
		.max_out = OUT_MAX,
	};
	run_program(r);
	r->argv = NULL;
	r->shim = NULL;
}

/* The errno that the try met, 0 if it succeeded, -1 if it is not there. */
static int
find_result(const char *said, const char *name)
{
	size_t n = strlen(name);

	for (; *said != '\0'; said += *said == '\n') {
		if (strncmp(said, name, n) == 0 && said[n] == ' ')
			/* No number: it became another program. */
			return (int)strtol(said + n + 1, NULL, 10);
		said += strcspn(said, "\n");
	}
	return -1;
}

/* Other errors mean that it was looked at. */
static bool
is_refusal(const struct try *t, int error)
{
	return error == ENOSYS || (strcmp(t->name, "clone3") != 0 &&
	    (error == EPERM || error == EACCES));
}

static void
judge(struct doctor *d, const struct try *t, const char *said)
{
	int error = find_result(said, t->name);

	if (t->guard == GUARD_NONE)
		doctor_say(d, PART, t->name, error == 0 ? DOCTOR_GOOD :
		    DOCTOR_BAD, "%s: %s", t->what, error == 0 ? "works" :
		    strerror(error));
	else if (error >= 0 && is_refusal(t, error))
		doctor_say(d, PART, t->name, DOCTOR_GOOD, "%s: refused",
		    t->what);
	else if (!has(t->guard))
		doctor_say(d, PART, t->name, required(d) ? DOCTOR_BAD :
		    DOCTOR_NOTE, "%s: NOT refused, the kernel lacks %s",
		    t->what, guard_names[t->guard]);
	else
		doctor_say(d, PART, t->name, DOCTOR_BAD, "%s: NOT refused",
		    t->what);
}

void
doctor_sandbox(struct doctor *d)
{
	struct run_job r = { 0 };
	struct scene s;

	check_kernel(d);
	if (d->shim->path == NULL || access(d->shim->path, X_OK) < 0) {
		doctor_say(d, PART, "shim", DOCTOR_BAD, "retrovue-exec is not "
		    "installed");
		return;
	}
	if (!scene_make(&s)) {
		doctor_say(d, PART, "self-test", DOCTOR_BAD, "/tmp: %s",
		    strerror(errno));
		return;
	}
	self_test(d, &s, &r);
	if (r.end == RUN_EXITED && WIFEXITED(r.status) &&
	    WEXITSTATUS(r.status) == 0) {
		for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
			judge(d, &tries[i], buf_str(&r.out));
	} else {
		char *words = last_words(buf_str(&r.err), 200);

		doctor_say(d, PART, "self-test", DOCTOR_BAD, "did not run: %s",
		    words);
		free(words);
	}
	scene_remove(&s);
	buf_fini(&r.out);
	buf_fini(&r.err);
}
