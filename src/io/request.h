/* request.h - one request head, as it comes in, and what is wrong with it.
 *
 * llhttp parses; the limits, and what strict mode still lets through
 * (HTTP/0.9, RTSP, no Host or two, bodies), are judged here.  The verdict
 * does not depend on how the bytes were cut. */

#ifndef IO_REQUEST_H
#define IO_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <llhttp.h>

#include "base/buf.h"

/* Fields whose values are kept. */
enum request_field {
	FIELD_HOST,
	FIELD_ACCEPT_ENCODING,
	FIELD_IF_MODIFIED_SINCE,
	FIELD_IF_NONE_MATCH,
	FIELD_USER_AGENT,
	FIELD_NKEPT
};

/* How much a head may be; beyond it 414 and 431. */
struct request_limits {
	size_t line, head;	/* bytes */
	unsigned fields;
};

struct request {
	int status;		/* 0 incomplete, 200 good, else the refusal */
	bool head;
	bool post;
	bool keep_alive;
	const char *path;	/* with 200, as uri_split() left them */
	const char *query;
	/* private */
	const struct request_limits *limits;
	size_t bytes;		/* of this head so far */
	llhttp_t parser;
	struct buf target;
	uint64_t window;	/* the last eight bytes */
	char name[20];		/* field name's beginning, lower case */
	size_t name_len;
	enum request_field field;	/* what name is */
	struct buf values[FIELD_NKEPT];
	unsigned fields, hosts;
	bool bad_host;
	bool versioned;		/* the line has shown its version */
};

/* r must not move until request_fini(); the limits are borrowed. */
void request_init(struct request *r, const struct request_limits *limits);
void request_fini(struct request *r);

/* Make ready for the next request on the connection. */
void request_reset(struct request *r);

/* Take bytes until the head is complete or refused; returns how many. */
size_t request_feed(struct request *r, const uint8_t *p, size_t n);

/* The value of a field, after 200; "" where there was none, joined by ", "
 * where there were several (RFC 9110 5.2).  Of FIELD_HOST the target's, where
 * that has one (RFC 9112 3.2.2). */
const char *request_value(struct request *r, enum request_field field);

/* True if the client takes gzip (RFC 9110 12.5.3). */
bool request_takes_gzip(struct request *r);

#endif
