#include "base/net.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#define MAPPED_BITS	96	/* that an IPv4 address has before its own */
#define TEXT_MAX	64

static const uint8_t mapped[MAPPED_BITS / 8] = {
	[10] = 0xff, [11] = 0xff,
};

void
net_map(const uint8_t v4[4], uint8_t addr[NET_ADDR])
{
	memcpy(addr, mapped, sizeof mapped);
	memcpy(addr + sizeof mapped, v4, 4);
}

static bool
addr_parse(const char *text, uint8_t addr[NET_ADDR], bool *is_v4)
{
	uint8_t v4[4];

	*is_v4 = inet_pton(AF_INET, text, v4) == 1;
	if (*is_v4)
		net_map(v4, addr);
	return *is_v4 || inet_pton(AF_INET6, text, addr) == 1;
}

/* One to three digits, nothing else. */
static bool
bits_parse(const char *text, unsigned max, unsigned *out)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 3 || text[n] != '\0')
		return false;
	*out = (unsigned)strtoul(text, NULL, 10);
	return *out <= max;
}

static bool
bit_get(const uint8_t addr[NET_ADDR], unsigned i)
{
	return (addr[i / 8] >> (7 - i % 8) & 1) != 0;
}

bool
net_parse(const char *text, struct net *out)
{
	char addr[TEXT_MAX];
	size_t n = strcspn(text, "/");
	unsigned max, bits;
	bool v4;

	if (n >= sizeof addr)
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (!addr_parse(addr, out->addr, &v4))
		return false;
	bits = max = v4 ? 32 : 128;
	if (text[n] == '/' && !bits_parse(text + n + 1, max, &bits))
		return false;
	out->bits = bits + (v4 ? MAPPED_BITS : 0);
	for (unsigned i = out->bits; i < 8 * NET_ADDR; i++)
		if (bit_get(out->addr, i))
			return false;
	return true;
}

bool
net_has(const struct net *n, const uint8_t addr[NET_ADDR])
{
	unsigned i = n->bits / 8 * 8;

	if (memcmp(n->addr, addr, n->bits / 8) != 0)
		return false;
	while (i < n->bits && bit_get(n->addr, i) == bit_get(addr, i))
		i++;
	return i == n->bits;
}

bool
net_is_loopback(const uint8_t addr[NET_ADDR])
{
	static const uint8_t one[NET_ADDR] = { [15] = 1 };

	return memcmp(addr, one, sizeof one) == 0 ||
	    (memcmp(addr, mapped, sizeof mapped) == 0 &&
	    addr[sizeof mapped] == 127);
}

#define DIGITS	"0123456789"
#define PLAIN	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS

/* Nothing, or a port (RFC 3986 3.2.3). */
static bool
is_port(const char *s)
{
	if (*s == ':')
		s += 1 + strspn(s + 1, DIGITS);
	return *s == '\0';
}

const char *
host_name(const char *host, size_t *n)
{
	size_t len;

	*n = 0;
	if (host[0] == '[') {
		len = 1 + strspn(host + 1, DIGITS "ABCDEFabcdef:.");
		if (host[len++] != ']')
			return host;
	} else {
		len = strspn(host, PLAIN "-._");
	}
	if (!is_port(host + len))
		return host;
	if (len > 0 && host[len - 1] == '.')
		len--;
	*n = len;
	return host;
}

/* "10.0.0.1" or "[::1]". */
static bool
address_parse(const char *name, size_t n, uint8_t addr[NET_ADDR], bool *v4)
{
	char text[TEXT_MAX];
	bool bracketed = name[0] == '[' && n > 2 && name[n - 1] == ']';

	if (n == 0 || n >= sizeof text)
		return false;
	memcpy(text, name + bracketed, n - 2 * (size_t)bracketed);
	text[n - 2 * (size_t)bracketed] = '\0';
	return addr_parse(text, addr, v4) && *v4 == !bracketed;
}

uint64_t
net_group(const char *peer)
{
	uint8_t addr[NET_ADDR];
	uint64_t group = 0;
	bool v4;
	size_t n;
	const char *name = host_name(peer, &n);

	if (!address_parse(name, n, addr, &v4))
		return 0;
	v4 = memcmp(addr, mapped, sizeof mapped) == 0;
	for (size_t i = 0; i < NET_ADDR / 2; i++)
		group = group << 8 | addr[v4 ? NET_ADDR / 2 + i : i];
	return group;
}

static bool
has_suffix(const char *name, size_t n, const char *suffix)
{
	size_t m = strlen(suffix);

	return n > m && strncasecmp(name + n - m, suffix, m) == 0;
}

bool
host_is_local(const char *host)
{
	static const char *const suffixes[] = {
		".local", ".lan", ".home.arpa", ".localhost", ".internal",
		".localdomain", ".home",
	};
	size_t n, i = 0;
	const char *name = host_name(host, &n);
	uint8_t addr[NET_ADDR];
	bool v4;

	if (n == 0)
		return false;
	if (address_parse(name, n, addr, &v4))
		return true;
	if (memchr(name, '.', n) == NULL)
		return name[0] != '[';
	while (i < LENGTH(suffixes) && !has_suffix(name, n, suffixes[i]))
		i++;
	return i < LENGTH(suffixes);
}

bool
host_is(const char *host, const char *name)
{
	size_t n;
	const char *h = host_name(host, &n);

	return n > 0 && strlen(name) == n && strncasecmp(h, name, n) == 0;
}
