/* hdhr.h - the HDHomeRun protocol of port 65001, as libhdhomerun speaks it:
 * who asks for tuners by UDP, and for their settings by TCP.
 *
 * A frame is its type and the length of its payload (16 bits each, big
 * endian), tagged values, and the Ethernet CRC-32 of all that, little endian.
 * Any bytes are safe.  What is answered tells; nothing is ever set. */

#ifndef AIR_HDHR_H
#define AIR_HDHR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define HDHR_PORT	65001
#define HDHR_FRAME_MAX	1460	/* bytes */

#define HDHR_MODEL	"HDHR4-2US"	/* one that does not transcode */
#define HDHR_FIRMWARE	"hdhomerun4_atsc"
#define HDHR_VERSION	"20200225"
#define HDHR_AUTH	"retrovue"	/* for guides that nobody sells us */

/* A tuner that somebody watches. */
struct hdhr_tuner {
	const char *number, *name;	/* the channel's */
	int64_t bitrate;		/* bit/s */
};

/* What we are, to who asks. */
struct hdhr_device {
	uint32_t id;
	unsigned tuners;
	const char *base_url;		/* by which he reaches us */
	const struct hdhr_tuner *used;	/* the first nused tuners */
	size_t nused;
};

/* The size of the frame at the front of p[n]; 0: not all of it is here, -1:
 * it is none, and where the next one begins cannot be known. */
int hdhr_frame_size(const uint8_t *p, size_t n);

/* True if the datagram p[n] searches for tuners, for any or for that id. */
bool hdhr_is_search(const uint8_t *p, size_t n, uint32_t id);

/* Append the answer to that. */
void hdhr_add_found(struct buf *out, const struct hdhr_device *d);

/* Append the answer to the frame p[n], whose size is n; false: it asks for
 * nothing. */
bool hdhr_control(const struct hdhr_device *d, const uint8_t *p, size_t n,
    struct buf *out);

#endif
