/* notify.h - who supervises us is told how we are.
 *
 * Two ways, neither of which does anything where nobody asked for it: that of
 * systemd, datagrams of "KEY=value" lines to the socket that NOTIFY_SOCKET
 * names (see sd_notify(3)); and that of s6, a newline on a descriptor, which
 * is then closed.  Where WATCHDOG_USEC asks for it, the loop tells at half
 * that interval that it turns.
 *
 * Nothing here blocks or fails: what could not be told is logged, once. */

#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include <uv.h>

struct notify;

/* fd is that of s6, open for writing and ours from now on; -1: none. */
struct notify *notify_new(uv_loop_t *loop, int fd);

/* A line of fmt for "systemctl status". */
void notify_status(struct notify *n, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Ready: for the first time, or again after notify_reloading(). */
void notify_ready(struct notify *n);
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n);

/* Frees n once its handle is closed. */
void notify_close(struct notify *n);

#endif
