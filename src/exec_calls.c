/* seccomp: the system calls that a program needs to read files, reckon in
 * threads and write to a pipe.  Any other is answered ENOSYS, as by a kernel
 * that does not have it, so that libraries take their older way; so is
 * clone3, whose flags a filter cannot read.
 *
 * Where landlock is missing this alone keeps files from being changed: none
 * can be opened for writing, and no call is here that needs no opening. */

#include "exec_parts.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA	0x53564d41
#endif

#define WRITING		(O_ACCMODE | O_CREAT | O_TRUNC)

#define N(name)	SCMP_SYS(name)
static const int plain[] = {
	/* its end, and its exec, which landlock bounds */
	N(exit), N(exit_group), N(execve), N(restart_syscall),
	/* files that are open */
	N(read), N(readv), N(pread64), N(preadv), N(write), N(writev),
	N(pwrite64), N(lseek), N(_llseek), N(close), N(dup), N(dup2), N(dup3),
	N(fadvise64), N(fadvise64_64), N(readahead), N(getdents),
	N(getdents64), N(sendfile), N(splice), N(pipe), N(pipe2),
	/* what files are like */
	N(stat), N(stat64), N(lstat), N(lstat64), N(fstat), N(fstat64),
	N(fstatat64), N(newfstatat), N(statx), N(statfs), N(statfs64),
	N(fstatfs), N(fstatfs64), N(access), N(faccessat), N(faccessat2),
	N(readlink), N(readlinkat), N(getcwd), N(umask),
	/* waiting */
	N(poll), N(ppoll), N(ppoll_time64), N(select), N(_newselect),
	N(pselect6), N(pselect6_time64), N(nanosleep), N(clock_nanosleep),
	N(clock_nanosleep_time64), N(pause), N(futex), N(futex_time64),
	N(alarm), N(setitimer), N(getitimer),
	/* memory */
	N(brk), N(mmap), N(mmap2), N(munmap), N(mremap), N(mprotect),
	N(madvise), N(mincore), N(msync), N(membarrier), N(get_mempolicy),
	N(mlock), N(munlock),
	/* threads */
	N(set_robust_list), N(get_robust_list), N(set_tid_address),
	N(set_thread_area), N(set_tls), N(cacheflush),
	N(arch_prctl), N(rseq), N(sched_yield),
	N(sched_getaffinity), N(sched_getscheduler), N(sched_getparam),
	N(sched_get_priority_max), N(sched_get_priority_min), N(getcpu),
	/* signals to itself */
	N(rt_sigaction), N(rt_sigprocmask), N(rt_sigreturn), N(sigreturn),
	N(rt_sigpending), N(rt_sigsuspend), N(rt_sigtimedwait),
	N(sigaltstack),
	/* who and when */
	N(getpid), N(gettid), N(getppid), N(getpgrp), N(getpgid), N(getsid),
	N(getuid), N(getuid32), N(geteuid), N(geteuid32), N(getgid),
	N(getgid32), N(getegid), N(getegid32), N(getgroups), N(getgroups32),
	N(getresuid), N(getresgid), N(capget), N(uname), N(sysinfo),
	N(getrlimit), N(ugetrlimit), N(getrusage), N(getpriority), N(times),
	N(time), N(gettimeofday), N(clock_gettime), N(clock_gettime64),
	N(clock_getres), N(clock_getres_time64), N(getrandom),
};

/* A call that is allowed where its argument is of this kind. */
struct rule {
	int call;
	struct scmp_arg_cmp arg;
};

#define IS(n, value)	{ (n), SCMP_CMP_EQ, (value), 0 }
#define BITS(n, mask, value) { (n), SCMP_CMP_MASKED_EQ, (mask), (value) }

static const struct rule rules[] = {
	{ N(prctl), IS(0, PR_SET_NAME) },
	{ N(prctl), IS(0, PR_GET_NAME) },
	{ N(prctl), IS(0, PR_SET_VMA) },
	{ N(prctl), IS(0, PR_GET_DUMPABLE) },
	{ N(ioctl), IS(1, TCGETS) },
	{ N(ioctl), IS(1, TIOCGWINSZ) },
	{ N(ioctl), IS(1, FIONREAD) },
	{ N(fcntl), IS(1, F_DUPFD) },
	{ N(fcntl), IS(1, F_DUPFD_CLOEXEC) },
	{ N(fcntl), IS(1, F_GETFD) },
	{ N(fcntl), IS(1, F_SETFD) },
	{ N(fcntl), IS(1, F_GETFL) },
	{ N(fcntl), IS(1, F_SETFL) },
	{ N(fcntl), IS(1, F_GETPIPE_SZ) },
	{ N(fcntl), IS(1, F_SETPIPE_SZ) },
	{ N(fcntl64), IS(1, F_DUPFD_CLOEXEC) },
	{ N(fcntl64), IS(1, F_GETFD) },
	{ N(fcntl64), IS(1, F_SETFD) },
	{ N(fcntl64), IS(1, F_GETFL) },
	{ N(fcntl64), IS(1, F_SETFL) },
	/* limits are looked at */
	{ N(prlimit64), IS(2, 0) },
	/* files are read */
	{ N(open), BITS(1, WRITING, O_RDONLY) },
	{ N(openat), BITS(2, WRITING, O_RDONLY) },
	/* threads, no processes */
	{ N(clone), BITS(0, CLONE_THREAD, CLONE_THREAD) },
};
#undef N

/* A call that this architecture does not have (EDOM) needs no rule. */
static int
done(int rc)
{
	return rc == -EDOM || rc == -EEXIST ? 0 : rc;
}

static int
plain_add(scmp_filter_ctx f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof plain / sizeof plain[0]; i++)
		rc = done(seccomp_rule_add(f, SCMP_ACT_ALLOW, plain[i], 0));
	return rc;
}

static int
rules_add(scmp_filter_ctx f, const struct rule *r, size_t n)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = done(seccomp_rule_add_array(f, SCMP_ACT_ALLOW, r[i].call,
		    1, &r[i].arg));
	return rc;
}

/* The program will have our pid. */
static int
signals_add(scmp_filter_ctx f)
{
	const uint64_t self = (uint64_t)getpid();
	const struct rule own[] = {
		{ SCMP_SYS(kill), IS(0, self) },
		{ SCMP_SYS(tgkill), IS(0, self) },
	};

	return rules_add(f, own, sizeof own / sizeof own[0]);
}

int
exec_calls(const struct exec_job *job)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int rc = -ENOMEM;

	(void)job;
	if (f != NULL && (rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE,
	    2)) == 0 && (rc = plain_add(f)) == 0 &&
	    (rc = rules_add(f, rules, sizeof rules / sizeof rules[0])) == 0 &&
	    (rc = signals_add(f)) == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	errno = -rc;
	return rc < 0 ? -1 : 0;
}
