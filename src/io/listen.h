/* listen.h - listening sockets, non-blocking and closed on exec. */

#ifndef IO_LISTEN_H
#define IO_LISTEN_H

#include <stdint.h>

/* Listen on a numeric IPv4 or IPv6 address; *port 0 takes a free one and is
 * set to it.  The socket, or -errno. */
int listen_tcp(const char *host, uint16_t *port);

/* Listen on a UNIX socket of mode 0660 at path.  A socket there that nobody
 * answers on is replaced; anything else stays: -EADDRINUSE.  The socket, or
 * -errno. */
int listen_unix(const char *path);

#endif
