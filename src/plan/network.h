/* network.h - the channels of a house as streams of one network: each is told
 * from the others by its transport_stream_id, which is made of its slug, and
 * the stream of each names all of them. */

#ifndef PLAN_NETWORK_H
#define PLAN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

struct chan;

struct network {
	struct network_stream {
		uint16_t ts_id;
		int height;		/* of the pictures */
	} *v;				/* by slug */
	size_t n;
};

/* The network of these channels, which get their ids and the network, which
 * must outlive them.  Where two slugs make the same id the greater slug has
 * the next one that is free: whatever the order, on every node. */
void network_make(struct network *net, struct chan *const *chans, size_t n);
void network_fini(struct network *net);

#endif
