/* ssdp.h - how UPnP's clients find us: the texts of SSDP (UPnP Device
 * Architecture 1.0, 1.1 and 1.2), which travel by UDP, 239.255.255.250 port
 * 1900.  Any bytes are safe. */

#ifndef AIR_SSDP_H
#define AIR_SSDP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SSDP_GROUP	"239.255.255.250"
#define SSDP_PORT	1900
#define SSDP_AGE_S	1800	/* for so long others believe what we say */
#define SSDP_UUID_SIZE	37

/* What of ours is announced and searched for. */
enum ssdp_target {
	SSDP_ROOT,		/* a device as such */
	SSDP_UUID,		/* us */
	SSDP_DEVICE,		/* one of our type */
	SSDP_NTARGETS,
	SSDP_NOTHING = SSDP_NTARGETS
};

/* Our type, in device.xml too. */
#define SSDP_DEVICE_TYPE	"urn:schemas-upnp-org:device:MediaServer:1"

/* The UUID of the device of that id. */
void ssdp_uuid(uint32_t device_id, char uuid[SSDP_UUID_SIZE]);

/* What the datagram p[n] searches for.  Who searches for everything gets one
 * answer, too: SSDP_ROOT. */
enum ssdp_target ssdp_search(const char *p, size_t n, const char *uuid);

/* Append the answer to that, and what is told unasked at the beginning, from
 * time to time, and at the end. */
void ssdp_add_answer(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url);
void ssdp_add_alive(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url);
void ssdp_add_byebye(struct buf *out, enum ssdp_target t, const char *uuid);

#endif
