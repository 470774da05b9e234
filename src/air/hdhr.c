#include "air/hdhr_parts.h"

#include <string.h>

#define NAME_MAX_BYTES	256	/* of a setting that is asked for */

/* ---- Discovery */

/* Any of the types, 32 bits each, is ours. */
static bool
is_our_type(struct hdhr_view types)
{
	for (; types.n >= 4; types.p += 4, types.n -= 4) {
		uint32_t type = hdhr_u32((struct hdhr_view){ types.p, 4 });

		if (type == HDHR_TYPE_TUNER || type == HDHR_ANY)
			return true;
	}
	return false;
}

/* Without an id, any will do. */
bool
hdhr_is_search(const uint8_t *p, size_t n, uint32_t id)
{
	struct hdhr_view payload, value;
	bool ours = false, us = true;
	unsigned tag;

	if (hdhr_frame_open(p, n, &payload) != HDHR_DISCOVER_REQ)
		return false;
	while (hdhr_tag_take(&payload, &tag, &value)) {
		if (tag == HDHR_DEVICE_TYPE || tag == HDHR_MULTI_TYPE)
			ours |= is_our_type(value);
		else if (tag == HDHR_DEVICE_ID)
			us = hdhr_u32(value) == HDHR_ANY ||
			    hdhr_u32(value) == id;
	}
	return ours && us && payload.n == 0;
}

void
hdhr_add_found(struct buf *out, const struct hdhr_device *d)
{
	size_t at = hdhr_frame_begin(out, HDHR_DISCOVER_RPY);
	uint8_t tuners = (uint8_t)d->tuners;
	struct buf lineup = { 0 };

	buf_addf(&lineup, "%s/lineup.json", d->base_url);
	hdhr_tag_add_u32(out, HDHR_DEVICE_TYPE, HDHR_TYPE_TUNER);
	hdhr_tag_add_u32(out, HDHR_DEVICE_ID, d->id);
	hdhr_tag_add(out, HDHR_TUNER_COUNT, &tuners, 1);
	hdhr_tag_add_text(out, HDHR_AUTH_STR, HDHR_AUTH);
	hdhr_tag_add_text(out, HDHR_BASE_URL, d->base_url);
	hdhr_tag_add_text(out, HDHR_LINEUP_URL, buf_str(&lineup));
	hdhr_frame_end(out, at);
	buf_fini(&lineup);
}

/* ---- Settings */

/* A string that should end with NUL; false if it is too long or has a NUL
 * elsewhere. */
static bool
copy_string(struct hdhr_view v, char *s, size_t size)
{
	if (v.n > 0 && v.p[v.n - 1] == '\0')
		v.n--;
	if (v.n >= size || memchr(v.p, '\0', v.n) != NULL)
		return false;
	memcpy(s, v.p, v.n);
	s[v.n] = '\0';
	return true;
}

/* What goes wrong where value is NULL: somebody asks.  Setting what is so
 * already is no change. */
static const char *
settle(const struct hdhr_device *d, const char *name, const char *value,
    struct buf *is)
{
	if (!hdhr_get(d, name, is))
		return "ERROR: unknown getset variable";
	if (value != NULL && strcmp(value, buf_str(is)) != 0)
		return "ERROR: cannot be set: channels are tuned by HTTP";
	return NULL;
}

static void
answer_setting(const struct hdhr_device *d, const char *name,
    const char *value, struct buf *out)
{
	struct buf is = { 0 };
	const char *error = settle(d, name, value, &is);
	size_t at = hdhr_frame_begin(out, HDHR_GETSET_RPY);

	if (error != NULL) {
		hdhr_tag_add_string(out, HDHR_ERROR_MESSAGE, error);
	} else {
		hdhr_tag_add_string(out, HDHR_GETSET_NAME, name);
		hdhr_tag_add_string(out, HDHR_GETSET_VALUE, buf_str(&is));
	}
	hdhr_frame_end(out, at);
	buf_fini(&is);
}

bool
hdhr_control(const struct hdhr_device *d, const uint8_t *p, size_t n,
    struct buf *out)
{
	char name[NAME_MAX_BYTES] = "", value[NAME_MAX_BYTES];
	struct hdhr_view payload, v;
	bool set = false, good = true;
	unsigned tag;

	if (hdhr_frame_open(p, n, &payload) != HDHR_GETSET_REQ)
		return false;
	while (hdhr_tag_take(&payload, &tag, &v)) {
		if (tag == HDHR_GETSET_NAME) {
			good &= copy_string(v, name, sizeof name);
		} else if (tag == HDHR_GETSET_VALUE) {
			good &= copy_string(v, value, sizeof value);
			set = true;
		}
	}
	if (!good || payload.n != 0)
		return false;
	answer_setting(d, name, set ? value : NULL, out);
	return true;
}
