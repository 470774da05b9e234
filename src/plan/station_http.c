/* Where the station listens, and by which address others reach it. */

#include "plan/station_parts.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"
#include "plan/value.h"

#define LISTENS_MAX	64
#define URL_MAX		200	/* bytes of a base URL */

static bool
is_address(const char *host, bool bracketed)
{
	struct in6_addr any;

	return inet_pton(bracketed ? AF_INET6 : AF_INET, host, &any) == 1;
}

/* "127.0.0.1:8080" or "[::1]:8080"; *host is malloc'd. */
static bool
parse_listen(const char *text, char **host, int64_t *port)
{
	const char *colon = strrchr(text, ':');
	bool bracketed = text[0] == '[';
	size_t len;

	if (colon == NULL || !value_int(colon + 1, 0, UINT16_MAX, port))
		return false;
	len = (size_t)(colon - text);
	if (bracketed && (len < 2 || text[len - 1] != ']'))
		return false;
	*host = xstrndup(text + bracketed, len - 2 * (size_t)bracketed);
	if (is_address(*host, bracketed))
		return true;
	free(*host);
	return false;
}

static void
add_listen(struct station *st, struct errs *e, const struct node *at,
    const char *text)
{
	int64_t port;
	char *host;

	if (!parse_listen(text, &host, &port)) {
		conf_fault(e, at, "listen must be ADDRESS:PORT like "
		    "127.0.0.1:8080 or [::1]:8080, not '%.80s'", text);
		return;
	}
	for (size_t i = 0; i < st->nlistens; i++) {
		if (port != 0 && st->listens[i].port == port &&
		    strcmp(st->listens[i].host, host) == 0) {
			conf_fault(e, at, "'%s' is listed twice", text);
			free(host);
			return;
		}
	}
	st->listens[st->nlistens++] = (struct station_listen){
		.host = host, .port = (uint16_t)port,
	};
}

static void
read_listens(struct station *st, struct errs *e, const struct node *root,
    const struct node *m)
{
	struct node *const *texts;
	size_t n;

	st->listens = xcalloc(LISTENS_MAX, sizeof *st->listens);
	n = conf_texts(e, m, "listen", &texts);
	if (n > LISTENS_MAX) {
		conf_fault(e, texts[LISTENS_MAX], "more than %d addresses",
		    LISTENS_MAX);
		n = LISTENS_MAX;
	}
	for (size_t i = 0; i < n; i++)
		add_listen(st, e, texts[i], texts[i]->text);
	if (n == 0) {
		add_listen(st, e, root, "127.0.0.1:8080");
		add_listen(st, e, root, "[::1]:8080");
	}
}

/* Letters, digits and what else a host, a port and a path are written with:
 * nothing that would need escaping where the URL goes. */
static bool
is_plain(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~:/[]%";

	return s[strspn(s, plain)] == '\0';
}

static bool
is_base_url(const char *s)
{
	size_t n = strncmp(s, "http://", 7) == 0 ? 7 :
	    strncmp(s, "https://", 8) == 0 ? 8 : 0;

	return n != 0 && s[n] != '\0' && s[n] != '/' && s[n] != ':' &&
	    strlen(s) <= URL_MAX && is_plain(s + n);
}

/* Kept without the slash at its end: paths begin with one. */
static void
read_base_url(struct station *st, struct errs *e, const struct node *m)
{
	const char *text;
	size_t n;

	if (!conf_str(e, m, "base_url", &text))
		return;
	if (!is_base_url(text)) {
		conf_fault(e, conf_get(m, "base_url"), "base_url must be a "
		    "URL like http://tv.example:8080, not '%.80s'", text);
		return;
	}
	n = strlen(text);
	while (text[n - 1] == '/')
		n--;
	st->base_url = xstrndup(text, n);
}

void
station_read_http(struct station *st, struct errs *e,
    const struct node *root)
{
	const struct node *m = conf_map(e, root, "http");

	CONF_KEYS(e, m, "listen", "base_url", "hosts", "allow", "token",
	    "limits");
	read_listens(st, e, root, m);
	read_base_url(st, e, m);
	station_read_gate(st, e, m);
}

static bool
is_host(const char *host)
{
	size_t n;

	(void)host_name(host, &n);
	return n > 0 && strlen(host) <= URL_MAX;
}

void
station_base_url(const struct station *st, const char *host, struct buf *out)
{
	const struct station_listen *l = &st->listens[0];

	if (st->base_url != NULL)
		buf_adds(out, st->base_url);
	else if (is_host(host))
		buf_addf(out, "http://%s", host);
	else
		buf_addf(out, strchr(l->host, ':') != NULL ?
		    "http://[%s]:%u" : "http://%s:%u", l->host, l->port);
	station_add_token(st, out);
}

void
station_add_token(const struct station *st, struct buf *out)
{
	if (st->gate.token != NULL)
		buf_addf(out, "/%s", st->gate.token);
}

void
station_base_path(const struct station *st, struct buf *out)
{
	struct buf url = { 0 };
	const char *path;

	station_base_url(st, "", &url);
	path = strchr(strstr(buf_str(&url), "://") + 3, '/');
	if (path != NULL)
		buf_adds(out, path);
	buf_fini(&url);
}
