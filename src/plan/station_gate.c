/* Who may ask for what over TCP: networks, host names, a token, limits. */

#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/xmem.h"
#include "plan/conf.h"
#include "plan/station_parts.h"

#define TOKEN_MIN	8
#define TOKEN_MAX	128
#define HOST_MAX	253	/* RFC 1035 3.1, as text */

/* `private': what is not routed on the Internet (RFC 1918, RFC 6598, RFC
 * 3927, RFC 4193, RFC 4291 2.5.6). */
static const char *const privates[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
	"169.254.0.0/16", "fc00::/7", "fe80::/10",
};

static void
allow_add(struct station_gate *g, const struct net *n)
{
	g->allow = xreallocarray(g->allow, g->nallow + 1, sizeof *g->allow);
	g->allow[g->nallow++] = *n;
}

static void
allow_add_privates(struct station_gate *g)
{
	struct net n;

	for (size_t i = 0; i < LENGTH(privates); i++)
		if (net_parse(privates[i], &n))
			allow_add(g, &n);
}

static void
read_allow(struct station_gate *g, struct errs *e, const struct node *m)
{
	struct node *const *texts;
	size_t n = conf_texts(e, m, "allow", &texts);
	struct net net;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(texts[i]->text, "private") == 0)
			allow_add_privates(g);
		else if (net_parse(texts[i]->text, &net))
			allow_add(g, &net);
		else
			conf_fault(e, texts[i], "allow must be `private' or "
			    "networks like 192.168.1.0/24 or fd00::/8, not "
			    "'%.80s'", texts[i]->text);
	}
}

static bool
is_host_name(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._";

	return s[strspn(s, plain)] == '\0' && strlen(s) <= HOST_MAX;
}

static void
read_hosts(struct station_gate *g, struct errs *e, const struct node *m)
{
	struct node *const *texts;
	size_t n = conf_texts(e, m, "hosts", &texts);

	for (size_t i = 0; i < n; i++) {
		if (is_host_name(texts[i]->text))
			texts_add(&g->hosts, texts[i]->text);
		else
			conf_fault(e, texts[i], "hosts must be names like "
			    "tv.example, without a port, not '%.80s'",
			    texts[i]->text);
	}
}

/* Needs no escaping wherever a URL goes. */
static bool
is_token(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t n = strlen(s);

	return n >= TOKEN_MIN && n <= TOKEN_MAX && strspn(s, plain) == n;
}

static void
read_token(struct station_gate *g, struct errs *e, const struct node *m)
{
	if (!conf_dup(e, m, "token", &g->token) || is_token(g->token))
		return;
	conf_fault(e, conf_get(m, "token"), "token must be %d to %d letters, "
	    "digits, '-' and '_'", TOKEN_MIN, TOKEN_MAX);
}

static void
read_limits(struct station_limits *l, struct errs *e, const struct node *http)
{
	const struct node *m = conf_map(e, http, "limits");

#define X(name, dflt, min, max) #name,
	CONF_KEYS(e, m, STATION_LIMITS(X) NULL);
#undef X
#define X(name, dflt, min, max)						\
	l->name = dflt;							\
	conf_int(e, m, #name, min, max, &l->name);
	STATION_LIMITS(X)
#undef X
}

void
station_read_gate(struct station *st, struct errs *e, const struct node *http)
{
	struct station_gate *g = &st->gate;

	read_allow(g, e, http);
	read_hosts(g, e, http);
	read_token(g, e, http);
	read_limits(&g->limits, e, http);
}

void
station_gate_fini(struct station_gate *g)
{
	free(g->allow);
	free(g->token);
	texts_fini(&g->hosts);
}

/* The host of "https://tv.example:8443/path". */
static bool
is_base_host(const struct station *st, const char *host)
{
	const char *p = st->base_url != NULL ? strstr(st->base_url, "://") :
	    NULL;
	size_t n;
	char *name;
	bool is;

	if (p == NULL)
		return false;
	name = xstrndup(p + 3, strcspn(p + 3, "/"));
	(void)host_name(name, &n);
	name[n] = '\0';
	is = host_is(host, name);
	free(name);
	return is;
}

bool
station_is_host(const struct station *st, const char *host)
{
	size_t i = 0;

	while (i < st->gate.hosts.n && !host_is(host, st->gate.hosts.v[i]))
		i++;
	return i < st->gate.hosts.n || host_is_local(host) ||
	    is_base_host(st, host);
}

bool
station_allows(const struct station *st, const uint8_t addr[NET_ADDR])
{
	const struct station_gate *g = &st->gate;
	size_t i = 0;

	while (i < g->nallow && !net_has(&g->allow[i], addr))
		i++;
	return g->nallow == 0 || i < g->nallow || net_is_loopback(addr);
}
