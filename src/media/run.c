#include "media/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "air/argv.h"
#include "media/files.h"
#include "media/mono.h"

#define NOT_FOUND	127	/* retrovue-exec(8) */
#define KEEP_ERR	4096	/* bytes of stderr */
#define READ_SIZE	16384
#define STOP_MS		100	/* how often r->stop is looked at */
#define LACK_MS		5000	/* until what is lacking is not there */
#define REAP_MS		5	/* both pipes closed, not yet gone */

extern char **environ;

struct child {
	pid_t pid;
	struct pollfd fds[2];		/* stdout, stderr; fd -1: closed */
	int64_t deadline_ms;
};

/* A worker thread may have signals blocked and the daemon ignores SIGPIPE:
 * neither is the child's affair.  Its own group lets a kill reach whatever
 * it has started. */
static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, pipe_only;

	sigemptyset(&none);
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &pipe_only);
	posix_spawnattr_setpgroup(attr, 0);
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

static int
spawn(pid_t *pid, char *const *argv, int out, int err)
{
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	int rc;

	if ((rc = posix_spawn_file_actions_init(&acts)) != 0)
		return rc;
	if ((rc = posix_spawnattr_init(&attr)) != 0)
		goto out_acts;
	if ((rc = set_attributes(&attr)) != 0 ||
	    (rc = posix_spawn_file_actions_addopen(&acts, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0)) != 0 ||
	    (rc = posix_spawn_file_actions_adddup2(&acts, out,
	    STDOUT_FILENO)) != 0 ||
	    (rc = posix_spawn_file_actions_adddup2(&acts, err,
	    STDERR_FILENO)) != 0)
		goto out_attr;
	rc = posix_spawnp(pid, argv[0], &acts, &attr, argv, environ);
out_attr:
	posix_spawnattr_destroy(&attr);
out_acts:
	posix_spawn_file_actions_destroy(&acts);
	return rc;
}

/* 0, or an errno value. */
static int
start(struct child *c, char *const *argv)
{
	int out[2], err[2], rc;

	if (pipe2(out, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(err, O_CLOEXEC) < 0) {
		rc = errno;
		goto fail_out;
	}
	if ((rc = spawn(&c->pid, argv, out[1], err[1])) != 0)
		goto fail_err;
	close(out[1]);
	close(err[1]);
	c->fds[0] = (struct pollfd){ .fd = out[0], .events = POLLIN };
	c->fds[1] = (struct pollfd){ .fd = err[0], .events = POLLIN };
	return 0;
fail_err:
	close(err[0]);
	close(err[1]);
fail_out:
	close(out[0]);
	close(out[1]);
	return rc;
}

static void
close_pipe(struct pollfd *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->revents = 0;
}

/* True if the run must end now, with *end saying why. */
static bool
is_over(const struct run_job *r, const struct child *c, enum run_end *end)
{
	if (r->stop != NULL && __atomic_load_n(r->stop, __ATOMIC_RELAXED) != 0)
		*end = RUN_STOPPED;
	else if (mono_ms() >= c->deadline_ms)
		*end = RUN_TIMEOUT;
	else
		return false;
	return true;
}

/* Read once from p and keep at most max bytes in b; false if there were
 * more. */
static bool
take(struct pollfd *p, struct buf *b, size_t max)
{
	uint8_t bytes[READ_SIZE];
	ssize_t n;

	if (p->revents == 0)
		return true;
	n = read(p->fd, bytes, sizeof bytes);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0) {
		close_pipe(p);
		return true;
	}
	if ((size_t)n > max - b->len) {
		buf_add(b, bytes, max - b->len);
		return false;
	}
	buf_add(b, bytes, (size_t)n);
	return true;
}

static int
wait_ms(const struct child *c)
{
	int64_t left = c->deadline_ms - mono_ms();

	if (left < 0)
		return 0;
	return left < STOP_MS ? (int)left : STOP_MS;
}

static enum run_end
read_all(struct run_job *r, struct child *c)
{
	enum run_end end;

	while (c->fds[0].fd >= 0 || c->fds[1].fd >= 0) {
		if (is_over(r, c, &end))
			return end;
		if (poll(c->fds, 2, wait_ms(c)) <= 0)
			continue;
		if (!take(&c->fds[0], &r->out, r->max_out))
			return RUN_TOO_MUCH;
		take(&c->fds[1], &r->err, r->max_err != 0 ? r->max_err :
		    KEEP_ERR);
	}
	return RUN_EXITED;
}

/* A child whose pipes are closed is as good as gone, but one that closes
 * them and stays is not waited for for ever. */
static enum run_end
reap(struct run_job *r, const struct child *c)
{
	enum run_end end;
	pid_t pid;

	while ((pid = waitpid(c->pid, &r->status, WNOHANG)) != c->pid) {
		if (pid < 0 && errno != EINTR)
			return RUN_EXITED;	/* SIGCHLD is ignored */
		if (is_over(r, c, &end))
			return end;
		poll(NULL, 0, REAP_MS);
	}
	return RUN_EXITED;
}

static void
kill_and_reap(struct run_job *r, const struct child *c)
{
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &r->status, 0) < 0 && errno == EINTR)
		;
}

/* What lacks memory, a process or a descriptor is tried again for a while:
 * of what is not there nobody would ask again before the next reload. */
static int
start_shimmed(struct child *c, const struct run_job *r)
{
	char **argv = shim_argv(r->shim, (int)getpid(), 3, r->argv);
	int64_t until = mono_ms() + LACK_MS;
	enum run_end end;
	int rc;

	while (files_is_lack(rc = start(c, argv)) && mono_ms() < until &&
	    !is_over(r, c, &end))
		poll(NULL, 0, STOP_MS);
	argv_free(argv);
	return rc;
}

/* The shim says with its exit code that there was nothing to become. */
static void
find_missing(struct run_job *r)
{
	if (r->shim == NULL || r->end != RUN_EXITED ||
	    !WIFEXITED(r->status) || WEXITSTATUS(r->status) != NOT_FOUND)
		return;
	r->end = RUN_NOT_STARTED;
	r->error = ENOENT;
}

void
run_program(struct run_job *r)
{
	struct child c = { .deadline_ms = mono_ms() + r->timeout_ms };

	if ((r->error = start_shimmed(&c, r)) != 0) {
		r->end = RUN_NOT_STARTED;
		return;
	}
	r->end = read_all(r, &c);
	if (r->end == RUN_EXITED)
		r->end = reap(r, &c);
	if (r->end != RUN_EXITED)
		kill_and_reap(r, &c);
	close_pipe(&c.fds[0]);
	close_pipe(&c.fds[1]);
	find_missing(r);
}
