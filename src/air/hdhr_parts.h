/* hdhr_parts.h - what is below hdhr.h: frames and tags (hdhr_frame.c), and
 * the settings (hdhr_get.c).  Nobody else includes it. */

#ifndef AIR_HDHR_PARTS_H
#define AIR_HDHR_PARTS_H

#include "air/hdhr.h"

/* Of hdhomerun_pkt.h. */
enum hdhr_type {
	HDHR_DISCOVER_REQ = 2,
	HDHR_DISCOVER_RPY = 3,
	HDHR_GETSET_REQ = 4,
	HDHR_GETSET_RPY = 5,
};

enum hdhr_tag {
	HDHR_DEVICE_TYPE = 0x01,
	HDHR_DEVICE_ID = 0x02,
	HDHR_GETSET_NAME = 0x03,
	HDHR_GETSET_VALUE = 0x04,
	HDHR_ERROR_MESSAGE = 0x05,
	HDHR_TUNER_COUNT = 0x10,
	HDHR_LINEUP_URL = 0x27,
	HDHR_BASE_URL = 0x2a,
	HDHR_AUTH_STR = 0x2b,
	HDHR_MULTI_TYPE = 0x2d,		/* several DEVICE_TYPEs in one */
};

#define HDHR_TYPE_TUNER	UINT32_C(1)
#define HDHR_ANY	UINT32_MAX	/* as a type, as an id */

/* Bytes that were received. */
struct hdhr_view {
	const uint8_t *p;
	size_t n;
};

/* The type of the frame p[n], 0 if it is none; its tags in *payload. */
unsigned hdhr_frame_open(const uint8_t *p, size_t n,
    struct hdhr_view *payload);

/* Take the next tag off the payload; false where there is no whole one. */
bool hdhr_tag_take(struct hdhr_view *payload, unsigned *tag,
    struct hdhr_view *value);

/* 32 bits, big endian; what is not as long is 0. */
uint32_t hdhr_u32(struct hdhr_view value);

/* Begin a frame at the end of out, fill it, end it: at is what begin said. */
size_t hdhr_frame_begin(struct buf *out, enum hdhr_type type);
void hdhr_frame_end(struct buf *out, size_t at);

void hdhr_tag_add(struct buf *out, enum hdhr_tag tag, const void *value,
    size_t len);
void hdhr_tag_add_u32(struct buf *out, enum hdhr_tag tag, uint32_t value);

/* With the NUL at its end or, where clients take none, without. */
void hdhr_tag_add_string(struct buf *out, enum hdhr_tag tag, const char *s);
void hdhr_tag_add_text(struct buf *out, enum hdhr_tag tag, const char *s);

/* Append what the setting of that name is; false: there is none. */
bool hdhr_get(const struct hdhr_device *d, const char *name,
    struct buf *out);

#endif
