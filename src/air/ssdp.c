#include "air/ssdp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/version.h"

#define SERVER	"POSIX UPnP/1.0 retrovued/" RETROVUE_VERSION
#define ROOT	"upnp:rootdevice"

/* Part of a datagram. */
struct text {
	const char *p;
	size_t n;
};

void
ssdp_uuid(uint32_t device_id, char uuid[SSDP_UUID_SIZE])
{
	(void)snprintf(uuid, SSDP_UUID_SIZE,
	    "7ef0b1c2-5e1d-4d5a-8a4e-0000%08lx", (unsigned long)device_id);
}

/* What the target is called, and "" or what stands behind our UUID in the
 * unique name of it. */
static const char *
target_name(enum ssdp_target t, const char **suffix)
{
	*suffix = t == SSDP_ROOT ? "::" ROOT : t == SSDP_DEVICE ?
	    "::" SSDP_DEVICE_TYPE : "";
	return *suffix[0] != '\0' ? *suffix + 2 : NULL;
}

/* The line at the front of *rest, without its end, which is taken too; false
 * at the end of all. */
static bool
line_take(struct text *rest, struct text *line)
{
	const char *end;

	if (rest->n == 0 || (end = memchr(rest->p, '\n', rest->n)) == NULL)
		return false;
	*line = (struct text){ rest->p, (size_t)(end - rest->p) };
	rest->n -= line->n + 1;
	rest->p = end + 1;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static bool
text_is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

/* The field's value, if the line is that field: RFC 9110 5.1, 5.5. */
static bool
field_is(struct text line, const char *name, struct text *value)
{
	size_t n = strlen(name);

	if (line.n <= n || line.p[n] != ':' ||
	    strncasecmp(line.p, name, n) != 0)
		return false;
	*value = (struct text){ line.p + n + 1, line.n - n - 1 };
	while (value->n > 0 && (*value->p == ' ' || *value->p == '\t')) {
		value->p++;
		value->n--;
	}
	while (value->n > 0 && (value->p[value->n - 1] == ' ' ||
	    value->p[value->n - 1] == '\t'))
		value->n--;
	return true;
}

static enum ssdp_target
target_of(struct text st, const char *uuid)
{
	if (text_is(st, "ssdp:all") || text_is(st, ROOT))
		return SSDP_ROOT;
	if (text_is(st, SSDP_DEVICE_TYPE))
		return SSDP_DEVICE;
	if (st.n == 5 + strlen(uuid) && memcmp(st.p, "uuid:", 5) == 0 &&
	    memcmp(st.p + 5, uuid, st.n - 5) == 0)
		return SSDP_UUID;
	return SSDP_NOTHING;
}

enum ssdp_target
ssdp_search(const char *p, size_t n, const char *uuid)
{
	struct text rest = { p, n }, line, value;
	enum ssdp_target t = SSDP_NOTHING;
	bool man = false;

	if (!line_take(&rest, &line) ||
	    !text_is(line, "M-SEARCH * HTTP/1.1"))
		return SSDP_NOTHING;
	while (line_take(&rest, &line) && line.n > 0) {
		if (field_is(line, "MAN", &value))
			man = text_is(value, "\"ssdp:discover\"");
		else if (field_is(line, "ST", &value))
			t = target_of(value, uuid);
	}
	return man ? t : SSDP_NOTHING;
}

/* "NT: what" or "ST: what", and its unique name. */
static void
add_target(struct buf *out, const char *field, enum ssdp_target t,
    const char *uuid)
{
	const char *suffix, *name = target_name(t, &suffix);

	if (name != NULL)
		buf_addf(out, "%s: %s\r\n", field, name);
	else
		buf_addf(out, "%s: uuid:%s\r\n", field, uuid);
	buf_addf(out, "USN: uuid:%s%s\r\n", uuid, suffix);
}

static void
add_where(struct buf *out, const char *base_url)
{
	buf_addf(out, "CACHE-CONTROL: max-age=%d\r\n"
	    "LOCATION: %s/device.xml\r\n"
	    "SERVER: " SERVER "\r\n", SSDP_AGE_S, base_url);
}

void
ssdp_add_answer(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url)
{
	buf_adds(out, "HTTP/1.1 200 OK\r\nEXT:\r\n");
	add_where(out, base_url);
	add_target(out, "ST", t, uuid);
	buf_adds(out, "\r\n");
}

static void
add_notify(struct buf *out, const char *kind)
{
	buf_addf(out, "NOTIFY * HTTP/1.1\r\nHOST: " SSDP_GROUP ":%d\r\n"
	    "NTS: ssdp:%s\r\n", SSDP_PORT, kind);
}

void
ssdp_add_alive(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url)
{
	add_notify(out, "alive");
	add_where(out, base_url);
	add_target(out, "NT", t, uuid);
	buf_adds(out, "\r\n");
}

void
ssdp_add_byebye(struct buf *out, enum ssdp_target t, const char *uuid)
{
	add_notify(out, "byebye");
	add_target(out, "NT", t, uuid);
	buf_adds(out, "\r\n");
}
