/* evil.c - stands in for an ffmpeg or ffprobe that a file has taken over: it
 * does what it should not, and says on standard error how that went: 0, or
 * errno. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int
how(int rc)
{
	return rc < 0 ? errno : 0;
}

int
main(void)
{
	char path[] = "/tmp/rv-evil.XXXXXX";
	int other = how(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	int make = how(mkostemp(path, O_CLOEXEC));
	int net = how(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int sig = how(kill(getppid(), 0));
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (make == 0)
		(void)unlink(path);
	fprintf(stderr, "evil other=%d make=%d socket=%d kill=%d fork=%d\n",
	    other, make, net, sig, pid < 0 ? errno : 0);
	return 1;
}
