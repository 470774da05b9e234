/* net.h - IP networks, and the host names by which a house knows itself. */

#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address is 16 bytes, an IPv4 one mapped (RFC 4291 2.5.5.2). */
#define NET_ADDR	16

struct net {
	uint8_t addr[NET_ADDR];
	unsigned bits;		/* of addr that count */
};

/* What an IPv4 address is as one of IPv6. */
void net_map(const uint8_t v4[4], uint8_t addr[NET_ADDR]);

/* "192.168.0.0/16", "fd00::/8", or an address alone.  False where text is
 * neither, or has bits that the network's length does not cover. */
bool net_parse(const char *text, struct net *out);

bool net_has(const struct net *n, const uint8_t addr[NET_ADDR]);

/* 127.0.0.0/8 and ::1. */
bool net_is_loopback(const uint8_t addr[NET_ADDR]);

/* Of "127.0.0.1:4711" or "[::1]:4711" what counts as one address where somebody
 * has only so much: of IPv6 its first 64 bits, for every house and many a
 * machine has all the others to choose from (RFC 6177); an IPv4 one is alone.
 * 0 for what is neither. */
uint64_t net_group(const char *peer);

/* A Host field's value without its port, and without the dot at the end of a
 * name: *n bytes at the result, none where it is no name or address with
 * perhaps a port (RFC 9110 7.2).  An address of IPv6 keeps its brackets. */
const char *host_name(const char *host, size_t *n);

/* True for what no name server outside can make point at us: an address,
 * localhost, a single label, what ends in a label that the Internet's name
 * servers leave to the house: .local, .lan, .home.arpa, .internal (which
 * containers call their host by), .localdomain, .home.  A page from elsewhere
 * whose name was made to point here (DNS rebinding) asks with that name. */
bool host_is_local(const char *host);

/* True where host, a Host field's value, names that name, case apart. */
bool host_is(const char *host, const char *name);

#endif
