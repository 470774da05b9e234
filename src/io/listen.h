/* listen.h - listening sockets, non-blocking and closed on exec. */

#ifndef IO_LISTEN_H
#define IO_LISTEN_H

#include <stdint.h>
#include <sys/types.h>

/* Listen on a numeric IPv4 or IPv6 address; *port 0 takes a free one and is
 * set to it.  The socket, or -errno. */
int listen_tcp(const char *host, uint16_t *port);

/* Listen on a UNIX socket at path with these permission bits and, unless it is
 * -1, this group.  A socket there that nobody answers on is replaced; anything
 * else stays: -EADDRINUSE.  The socket, or -errno. */
int listen_unix(const char *path, mode_t mode, gid_t group);

#endif
