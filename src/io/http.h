/* http.h - requests in, by llhttp in strict mode; documents out, streams
 * handed to the relay.
 *
 * Paths are matched by the station against its table and never touch the
 * file system.  Limits: request line 4 KiB, head 16 KiB and 64 fields, 10 s
 * for a head, 256 pending requests, 2,048 connections in all; beyond them
 * 414, 431, 408, 503. */

#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/buf.h"

struct relay;

/* Who is at the other end of the control socket. */
struct http_peer {
	bool control;		/* else: TCP, and all below is void */
	bool trusted;		/* root, ourselves, or of the socket's group */
	int64_t uid, pid;
};

struct http_request {
	bool head;		/* HEAD, else GET ... */
	bool post;		/* ... or POST; never both */
	struct http_peer from;
	const char *path;	/* without query, percent-decoded, UTF-8 */
	const char *query;	/* raw, without '?'; "" if none */
	const char *peer;	/* "127.0.0.1:4711", "[::1]:4711", "uid 7" */
};

struct http_answer {
	int status;		/* 200, 404, 405, 503 ... */
	const char *type;	/* Content-Type of the body */
	const char *allow;	/* for 405, else NULL */
	struct buf body;	/* freed by http.c */
	struct relay *stream;	/* not NULL: a stream instead of a body */
	int64_t backlog_ns;	/* with stream: see relay_viewer_add() */
};

/* Answer a request whose method is GET or HEAD, or over the control socket
 * also POST (others have got 405 with "Allow: GET, HEAD").  Called on the
 * loop. */
typedef void http_handler(void *ctx, const struct http_request *q,
    struct http_answer *a);

struct http;

struct http *http_new(uv_loop_t *loop, http_handler *handler, void *ctx);

/* Listen on a numeric address; 0 and *port the one bound, or -errno. */
int http_listen(struct http *h, const char *host, uint16_t *port);

/* Listen on a UNIX socket with that mode and group (-1: our own), replacing a
 * stale socket file but not one that somebody answers on (-EADDRINUSE).  0 or
 * -errno. */
int http_listen_unix(struct http *h, const char *path, mode_t mode,
    gid_t group);

/* Stop listening, close all connections, unlink the control socket; frees h
 * once the handles are closed. */
void http_close(struct http *h);

#endif
