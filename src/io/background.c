#include "io/background.h"

#include <errno.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

static _Noreturn void
await(int fd)
{
	char word;
	ssize_t n;

	while ((n = read(fd, &word, 1)) < 0 && errno == EINTR)
		;
	_exit(n == 1 ? EX_OK : EX_OSERR);
}

int
background_begin(void)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	if ((pid = fork()) > 0) {
		close(fds[1]);
		await(fds[0]);
	}
	close(fds[0]);
	if (pid == 0) {
		(void)setsid();		/* cannot fail in a new process */
		return fds[1];
	}
	close(fds[1]);			/* errno stays: fork()'s */
	return -1;
}

void
background_done(int fd)
{
	int null = open("/dev/null", O_RDWR);

	for (int i = STDIN_FILENO; null >= 0 && i <= STDERR_FILENO; i++)
		(void)dup2(null, i);
	if (null > STDERR_FILENO)
		close(null);
	while (write(fd, "", 1) < 0 && errno == EINTR)
		;
	close(fd);
}
