#include "io/request.h"

#include <string.h>
#include <strings.h>

#include "base/uri.h"

#define HTTP_SLASH	UINT64_C(0x485454502f)	/* "HTTP/" */
#define FIVE_BYTES	UINT64_C(0xffffffffff)

static const char *const field_names[FIELD_NKEPT] = {
	[FIELD_HOST] = "host",
	[FIELD_ACCEPT_ENCODING] = "accept-encoding",
	[FIELD_IF_MODIFIED_SINCE] = "if-modified-since",
	[FIELD_IF_NONE_MATCH] = "if-none-match",
	[FIELD_USER_AGENT] = "user-agent",
};

static void
refuse(struct request *r, int status)
{
	if (r->status == 0)
		r->status = status;
	r->keep_alive = false;
}

static size_t
line_bytes(const struct request *r)
{
	const char *method = llhttp_method_name(r->parser.method);

	return strlen(method) + r->target.len + sizeof("  HTTP/1.1") - 1;
}

static int
on_url(llhttp_t *p, const char *at, size_t n)
{
	struct request *r = p->data;

	buf_add(&r->target, at, n);
	if (line_bytes(r) > r->limits->line)
		refuse(r, 414);
	return 0;
}

/* Called with the major number first: what stands before it must be "HTTP/",
 * where llhttp takes "RTSP/" and "ICE/" as well. */
static int
on_version(llhttp_t *p, const char *at, size_t n)
{
	struct request *r = p->data;

	(void)at;
	(void)n;
	r->versioned = true;
	if ((r->window >> 8 & 0xff) == '/' &&
	    (r->window >> 8 & FIVE_BYTES) != HTTP_SLASH)
		refuse(r, 400);
	return 0;
}

static int
on_field(llhttp_t *p, const char *at, size_t n)
{
	struct request *r = p->data;
	size_t i;

	for (i = 0; i < n; i++, r->name_len++)
		if (r->name_len < sizeof(r->name))
			r->name[r->name_len] = (char)(at[i] | 0x20);
	return 0;
}

/* FIELD_NKEPT: of no interest. */
static enum request_field
field_find(const struct request *r)
{
	size_t i = 0;

	while (i < FIELD_NKEPT && (strlen(field_names[i]) != r->name_len ||
	    memcmp(field_names[i], r->name, r->name_len) != 0))
		i++;
	return (enum request_field)i;
}

static int
on_field_complete(llhttp_t *p)
{
	struct request *r = p->data;

	if (++r->fields > r->limits->fields)
		refuse(r, 431);
	r->field = field_find(r);
	if (r->field == FIELD_HOST)
		r->hosts++;
	if (r->field < FIELD_NKEPT && r->values[r->field].len > 0)
		buf_adds(&r->values[r->field], ", ");
	return 0;
}

static int
on_value(llhttp_t *p, const char *at, size_t n)
{
	struct request *r = p->data;
	size_t i;

	if (r->field == FIELD_NKEPT)
		return 0;
	buf_add(&r->values[r->field], at, n);
	for (i = 0; r->field == FIELD_HOST && i < n; i++)
		if (memchr("/\\@?#,<>\"", at[i], 9) != NULL)
			r->bad_host = true;
	return 0;
}

static int
on_value_complete(llhttp_t *p)
{
	struct request *r = p->data;

	r->name_len = 0;
	return 0;
}

static bool
has_body(const llhttp_t *p)
{
	return (p->flags & (F_CHUNKED | F_TRANSFER_ENCODING)) != 0 ||
	    ((p->flags & F_CONTENT_LENGTH) != 0 && p->content_length > 0);
}

/* The target's host is the one that was asked, whatever Host says (RFC 9112
 * 3.2.2). */
static void
take_authority(struct request *r)
{
	struct buf *host = &r->values[FIELD_HOST];
	size_t n;
	const char *authority = uri_authority((char *)r->target.data, &n);

	if (authority == NULL)
		return;
	buf_reset(host);
	buf_add(host, authority, n);
}

/* The order is that of the line, then the fields, then what we do not do. */
static int
judge(struct request *r)
{
	const llhttp_t *p = &r->parser;

	if (p->http_major != 1)
		return p->http_major == 0 ? 400 : 505;
	if (r->bad_host || r->hosts > 1 || (p->http_minor > 0 && !r->hosts))
		return 400;
	if (p->method != HTTP_GET && p->method != HTTP_HEAD &&
	    p->method != HTTP_POST)
		return 405;
	if (has_body(p))
		return 413;
	take_authority(r);
	if (uri_split((char *)r->target.data, &r->path, &r->query) < 0)
		return 400;
	return 200;
}

/* The end of the head is the end of the request: no body is ever read. */
static int
on_headers_complete(llhttp_t *p)
{
	struct request *r = p->data;

	/* An offer to upgrade may be ignored (RFC 9110 7.8). */
	p->upgrade = 0;
	if (r->status != 0)
		return 0;
	r->head = p->method == HTTP_HEAD;
	r->post = p->method == HTTP_POST;
	(void)buf_str(&r->target);
	r->status = judge(r);
	r->keep_alive = (r->status == 200 || r->status == 405) &&
	    !has_body(p) && p->method != HTTP_CONNECT &&
	    llhttp_should_keep_alive(p);
	return 0;
}

static const llhttp_settings_t settings = {
	.on_url = on_url,
	.on_version = on_version,
	.on_header_field = on_field,
	.on_header_field_complete = on_field_complete,
	.on_header_value = on_value,
	.on_header_value_complete = on_value_complete,
	.on_headers_complete = on_headers_complete,
};

void
request_init(struct request *r, const struct request_limits *limits)
{
	*r = (struct request){ .limits = limits };
	request_reset(r);
}

void
request_fini(struct request *r)
{
	buf_fini(&r->target);
	for (size_t i = 0; i < FIELD_NKEPT; i++)
		buf_fini(&r->values[i]);
}

void
request_reset(struct request *r)
{
	struct request was = *r;

	*r = (struct request){
		.limits = was.limits, .target = was.target,
	};
	buf_reset(&r->target);
	for (size_t i = 0; i < FIELD_NKEPT; i++) {
		r->values[i] = was.values[i];
		buf_reset(&r->values[i]);
	}
	llhttp_init(&r->parser, HTTP_REQUEST, &settings);
	r->parser.data = r;
}

/* "GET /" and no version is HTTP/0.9, of which llhttp would await fields. */
static bool
is_http09(const struct request *r, uint8_t c)
{
	return (c == '\r' || c == '\n') && r->target.len > 0 &&
	    !r->versioned;
}

/* A folded line (RFC 9112 5.2): llhttp 8.1 joins it even in strict mode. */
static bool
is_fold(const struct request *r, uint8_t c)
{
	return (c == ' ' || c == '\t') && (r->window & 0xff) == '\n';
}

/* A field without a name (RFC 9112 5: at least one token character), which
 * llhttp 8.1 takes. */
static bool
is_nameless(const struct request *r, uint8_t c)
{
	return c == ':' && (r->window & 0xff) == '\n';
}

static void
feed_byte(struct request *r, uint8_t c)
{
	enum llhttp_errno rc;

	if (is_http09(r, c) || is_fold(r, c) || is_nameless(r, c)) {
		refuse(r, 400);
		return;
	}
	r->window = r->window << 8 | c;
	r->bytes++;
	rc = llhttp_execute(&r->parser, (const char *)&c, 1);
	if (rc != HPE_OK)
		refuse(r, rc == HPE_INVALID_VERSION ? 505 : 400);
	if (r->status == 0 && r->bytes >= r->limits->head)
		refuse(r, 431);
}

/* One byte at a time: a head is short, and so neither the verdict nor where
 * the next request begins can depend on how the bytes arrived. */
size_t
request_feed(struct request *r, const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && r->status == 0)
		feed_byte(r, p[i++]);
	return i;
}

const char *
request_value(struct request *r, enum request_field field)
{
	return buf_str(&r->values[field]);
}

/* The weight of a coding, ";q=0.5", is 0 where its digits are. */
static bool
is_unwanted(const char *param, size_t n)
{
	const char *q = memchr(param, '=', n);

	return q != NULL &&
	    strspn(q + 1, "0. \t") >= n - (size_t)(q + 1 - param);
}

bool
request_takes_gzip(struct request *r)
{
	const char *p = request_value(r, FIELD_ACCEPT_ENCODING);

	while (*p != '\0') {
		size_t n, coding;

		p += strspn(p, ", \t");
		n = strcspn(p, ",");
		coding = strcspn(p, ";, \t");
		if (coding == 4 && strncasecmp(p, "gzip", 4) == 0)
			return !is_unwanted(p + coding, n - coding);
		p += n;
	}
	return false;
}
