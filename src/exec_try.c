/* The self-test: a child that has been taken over.  Each try succeeds (errno
 * 0) or not; `retrovuectl doctor` knows which of them must. */

#include "exec_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *allowed, *other, *program;

static int
try_open(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600);
}

static int
try_read(void)
{
	return try_open(allowed, O_RDONLY);
}

static void *
thread_main(void *arg)
{
	return arg;
}

static int
try_thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, thread_main, NULL);
	if (errno != 0)
		return -1;
	return pthread_join(t, NULL);
}

static int
try_read_other(void)
{
	return try_open(other, O_RDONLY);
}

static int
try_list(void)
{
	return try_open("/", O_RDONLY | O_DIRECTORY);
}

static int
try_write(void)
{
	return try_open(other, O_WRONLY);
}

static int
try_create(void)
{
	char path[] = "/tmp/retrovue-try.XXXXXX";
	int fd = mkstemp(path);

	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

static int
try_remove(void)
{
	return unlink(other);
}

static int
try_chmod(void)
{
	return chmod(other, 0666);
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int
try_socket_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* A child ends at once; ours is not waited for, it is init's soon. */
static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid;
}

static int
try_clone3(void)
{
	return (int)syscall(SYS_clone3, NULL, 0);
}

static int
try_exec(void)
{
	char *const argv[] = { (char *)(uintptr_t)program, NULL };

	return execv(program, argv);
}

static int
try_kill(void)
{
	return kill(getppid(), 0);
}

static int
try_kill_all(void)
{
	return kill(-1, 0);
}

static int
try_ptrace(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int
try_memory(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &byte, 1 };

	return (int)process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}

static int
try_outlive(void)
{
	return prctl(PR_SET_PDEATHSIG, 0);
}

static int
try_nice(void)
{
	return setpriority(PRIO_PROCESS, 0, 19);
}

static int
try_memfd(void)
{
	return memfd_create("try", MFD_CLOEXEC);
}

static int
try_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int
try_mount(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static int
try_bpf(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int
try_io_uring(void)
{
	return (int)syscall(SYS_io_uring_setup, 0, NULL);
}

/* The last one would not come back. */
static const struct {
	const char *name;
	int (*try)(void);
} tries[] = {
	{ "read", try_read },
	{ "thread", try_thread },
	{ "read_other", try_read_other },
	{ "list_root", try_list },
	{ "write", try_write },
	{ "create", try_create },
	{ "chmod", try_chmod },
	{ "remove", try_remove },
	{ "socket", try_socket },
	{ "socket_unix", try_socket_unix },
	{ "fork", try_fork },
	{ "clone3", try_clone3 },
	{ "kill_parent", try_kill },
	{ "kill_all", try_kill_all },
	{ "ptrace", try_ptrace },
	{ "read_memory", try_memory },
	{ "outlive_parent", try_outlive },
	{ "change_nice", try_nice },
	{ "memfd", try_memfd },
	{ "namespace", try_namespace },
	{ "mount", try_mount },
	{ "bpf", try_bpf },
	{ "io_uring", try_io_uring },
	{ "exec", try_exec },
};

int
exec_try(char **argv)
{
	allowed = argv[0];
	other = argv[1];
	program = argv[2];
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		errno = 0;
		printf("%s ", tries[i].name);
		fflush(stdout);
		printf("%d\n", tries[i].try() >= 0 ? 0 : errno);
		fflush(stdout);
	}
	return 0;
}
