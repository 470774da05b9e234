#include "io/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#define BACKLOG		512
#define SOCK_FLAGS	(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

union address {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un un;
};

static int
address_parse(const char *host, uint16_t port, union address *a,
    socklen_t *len)
{
	memset(a, 0, sizeof(*a));
	*len = sizeof(a->v4);
	if (uv_ip4_addr(host, port, &a->v4) == 0)
		return 0;
	memset(a, 0, sizeof(*a));
	*len = sizeof(a->v6);
	return uv_ip6_addr(host, port, &a->v6) == 0 ? 0 : -EINVAL;
}

/* Closes fd and keeps errno. */
static int
give_up(int fd)
{
	int rc = -errno;

	close(fd);
	return rc;
}

static uint16_t
bound_port(int fd, uint16_t otherwise)
{
	union address a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.sa, &len) < 0)
		return otherwise;
	return ntohs(a.sa.sa_family == AF_INET6 ? a.v6.sin6_port :
	    a.v4.sin_port);
}

int
listen_tcp(const char *host, uint16_t *port)
{
	union address a;
	socklen_t len;
	int fd, on = 1;
	int rc = address_parse(host, *port, &a, &len);

	if (rc < 0)
		return rc;
	if ((fd = socket(a.sa.sa_family, SOCK_FLAGS, 0)) < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return give_up(fd);
	/* 0.0.0.0 and :: may both be wanted, whatever the system's default. */
	if (a.sa.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return give_up(fd);
	if (bind(fd, &a.sa, len) < 0 || listen(fd, BACKLOG) < 0)
		return give_up(fd);
	*port = bound_port(fd, *port);
	return fd;
}

/* Only a refusal shows that nobody is there. */
static int
remove_stale(const char *path, const union address *a)
{
	struct stat st;
	int fd, rc;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EADDRINUSE;
	if ((fd = socket(AF_UNIX, SOCK_FLAGS, 0)) < 0)
		return -errno;
	rc = connect(fd, &a->sa, sizeof(a->un)) < 0 &&
	    errno == ECONNREFUSED ? 0 : -EADDRINUSE;
	close(fd);
	if (rc == 0 && unlink(path) < 0)
		rc = -errno;
	return rc;
}

/* Nobody can connect before listen().  The mode comes from bind() itself and
 * the group without following links: where the directory is another's and we
 * are root, what is at path a moment later may be his choice. */
int
listen_unix(const char *path, mode_t mode, gid_t group)
{
	union address a = { .un.sun_family = AF_UNIX };
	size_t len = strlen(path);
	mode_t before;
	int fd, rc;

	if (len >= sizeof(a.un.sun_path))
		return -ENAMETOOLONG;
	memcpy(a.un.sun_path, path, len + 1);
	if ((rc = remove_stale(path, &a)) < 0)
		return rc;
	if ((fd = socket(AF_UNIX, SOCK_FLAGS, 0)) < 0)
		return -errno;
	before = umask(~mode & 0777);
	rc = bind(fd, &a.sa, sizeof(a.un));
	(void)umask(before);
	if (rc < 0)
		return give_up(fd);
	if ((group != (gid_t)-1 && lchown(path, (uid_t)-1, group) < 0) ||
	    listen(fd, BACKLOG) < 0) {
		rc = give_up(fd);
		(void)unlink(path);
		return rc;
	}
	return fd;
}
