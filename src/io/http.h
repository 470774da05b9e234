/* http.h - requests in, by llhttp in strict mode; documents out, streams
 * handed to the relay.
 *
 * Paths are matched by the station against its table and never touch the
 * file system.  Whom we answer, and how much at once, is the station's to say
 * (struct station_gate): beyond it 403, 414, 421, 431, 408, 503. */

#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/blob.h"
#include "base/buf.h"

struct conn;
struct http_ticket;
struct relay;
struct station;

/* Who is at the other end of the control socket. */
struct http_peer {
	bool control;		/* else: TCP, and all below is void */
	bool trusted;		/* root, ourselves, or of the socket's group */
	int64_t uid, pid;
};

/* How many bytes of "127.0.0.1:4711" or "[::1]:4711" are the address. */
size_t http_peer_address(const char *peer);

/* Borrowed until the handler returns.  What a client did not send is "". */
struct http_request {
	bool head;		/* HEAD, else GET ... */
	bool post;		/* ... or POST; never both */
	bool gzip;		/* the client takes Content-Encoding: gzip */
	struct http_peer from;
	const char *path;	/* without query, percent-decoded, UTF-8 */
	const char *query;	/* raw, without '?'; "" if none */
	const char *peer;	/* "127.0.0.1:4711", "[::1]:4711", "uid 7" */
	const char *host;	/* as sent, with the port if there is one */
	const char *if_none_match, *if_modified_since, *user_agent;
	struct conn *conn;	/* for http_hold() */
};

/* The body is body, with blob behind it, or ring, or stream. */
struct http_answer {
	int status;		/* 200, 404, 405, 503 ... */
	const char *type;	/* Content-Type of the body */
	const char *allow;	/* for 405, else NULL */
	const char *cache;	/* Cache-Control; NULL: no-cache */
	struct buf fields;	/* more, "Name: value\r\n" each; freed by
				 * http.c */
	struct buf body;	/* freed by http.c */
	struct blob *blob;	/* a reference, dropped by http.c */
	struct relay *ring;	/* these bytes of it; cut short where they */
	uint64_t from, to;	/* ... leave it before they are sent */
	struct relay *stream;	/* all that comes, see relay_viewer_add() */
	int64_t backlog_ns;
};

/* Answer a request whose method is GET, HEAD or POST (others have got 405
 * with "Allow: GET, HEAD").  Called on the loop. */
typedef void http_handler(void *ctx, const struct http_request *q,
    struct http_answer *a);

/* An answer is on its way: to which path ("" where none could be read), with
 * which status. */
typedef void http_counter(void *ctx, const char *path, int status);

/* Called by a handler, which then leaves its answer alone: the connection
 * waits for http_settle().  How long is the holder's business. */
struct http_ticket *http_hold(const struct http_request *q);

/* True where the client has hung up meanwhile. */
bool http_ticket_gone(const struct http_ticket *t);

/* The answer at last, on the loop but not from within the handler: taken
 * over, whether or not the client is still there; t is void. */
void http_settle(struct http_ticket *t, struct http_answer *a);

struct http;

/* st: as for http_rules(). */
struct http *http_new(uv_loop_t *loop, http_handler *handler,
    http_counter *counter, void *ctx, const struct station *st);

/* From now on st's gate holds; borrowed until the next call. */
void http_rules(struct http *h, const struct station *st);

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
