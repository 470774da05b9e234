#include "io/hdhr.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "air/ssdp.h"
#include "base/length.h"
#include "base/version.h"
#include "io/answer.h"
#include "media/jsontext.h"
#include "plan/m3u.h"

#define HD_HEIGHT	720	/* lines, from which on it is HD */

unsigned
hdhr_tuners(const struct pages *g)
{
	return station_tuners(g->station, g->nfeeds);
}

static bool
is_watched(struct feed *f)
{
	return feed_viewers(f) > 0;
}

size_t
hdhr_used(const struct pages *g, struct hdhr_tuner *used, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nfeeds && n < max; i++) {
		const struct chan *ch = feed_chan(g->feeds[i]);

		if (is_watched(g->feeds[i]))
			used[n++] = (struct hdhr_tuner){
				.number = ch->number,
				.name = ch->name,
				.bitrate = ch->format.video_bitrate +
				    ch->format.audio_bitrate,
			};
	}
	return n;
}

/* A number and the words of HDHomeRun's HTTP interface. */
static void
add_error(struct http_answer *a, const char *error)
{
	buf_addf(&a->fields, "X-HDHomeRun-Error: %s\r\n", error);
}

static void
refuse(struct http_answer *a, int status, const char *error,
    const char *text)
{
	answer_text(a, status, text);
	add_error(a, error);
}

/* False, with the answer, where the station is to be no tuner. */
static bool
is_enabled(const struct pages *g, struct http_answer *a)
{
	if (!g->station->hdhr.enabled)
		refuse(a, 404, "803 System Busy",
		    "hdhomerun is not enabled here");
	return g->station->hdhr.enabled;
}

/* ---- The device */

static json_t *
json_url(const struct pages *g, const struct http_request *q,
    const char *path)
{
	struct buf url = { 0 };
	json_t *j;

	station_base_url(g->station, q->host, &url);
	buf_adds(&url, path);
	j = json_text(buf_str(&url));
	buf_fini(&url);
	return j;
}

void
hdhr_get_discover(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *j;

	if (!is_enabled(g, a))
		return;
	j = json_object();
	json_object_set_new(j, "FriendlyName", json_text(g->station->name));
	json_object_set_new(j, "Manufacturer", json_text("Retrovue"));
	json_object_set_new(j, "ModelNumber", json_text(HDHR_MODEL));
	json_object_set_new(j, "FirmwareName", json_text(HDHR_FIRMWARE));
	json_object_set_new(j, "FirmwareVersion", json_text(HDHR_VERSION));
	json_object_set_new(j, "DeviceID", json_sprintf("%08" PRIX32,
	    g->device_id));
	json_object_set_new(j, "DeviceAuth", json_text(HDHR_AUTH));
	json_object_set_new(j, "BaseURL", json_url(g, q, ""));
	json_object_set_new(j, "LineupURL", json_url(g, q, "/lineup.json"));
	json_object_set_new(j, "TunerCount", json_integer(hdhr_tuners(g)));
	answer_json(a, 200, j);
}

/* Text as XML may hold it: control characters are nothing that it knows. */
static void
add_xml(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		default:
			buf_addf(out, "%c", (unsigned char)*s < ' ' ? ' ' :
			    *s);
		}
	}
}

static void
add_element(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "<%s>", name);
	add_xml(out, text);
	buf_addf(out, "</%s>", name);
}

static void
add_device(struct buf *out, const struct pages *g)
{
	char uuid[SSDP_UUID_SIZE], serial[9];
	struct buf udn = { 0 };

	ssdp_uuid(g->device_id, uuid);
	buf_addf(&udn, "uuid:%s", uuid);
	(void)snprintf(serial, sizeof serial, "%08" PRIX32, g->device_id);
	add_element(out, "deviceType", SSDP_DEVICE_TYPE);
	add_element(out, "friendlyName", g->station->name);
	add_element(out, "manufacturer", "Retrovue");
	add_element(out, "modelDescription", "Retrovue " RETROVUE_VERSION);
	add_element(out, "modelName", HDHR_MODEL);
	add_element(out, "modelNumber", HDHR_MODEL);
	add_element(out, "serialNumber", serial);
	add_element(out, "UDN", buf_str(&udn));
	buf_fini(&udn);
}

void
hdhr_get_device(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct buf url = { 0 };

	if (!is_enabled(g, a))
		return;
	station_base_url(g->station, q->host, &url);
	a->status = 200;
	a->type = "application/xml; charset=utf-8";
	buf_adds(&a->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<root xmlns=\"urn:schemas-upnp-org:device-1-0\">"
	    "<specVersion><major>1</major><minor>0</minor></specVersion>");
	add_element(&a->body, "URLBase", buf_str(&url));
	buf_adds(&a->body, "<device>");
	add_device(&a->body, g);
	buf_adds(&a->body, "</device></root>\n");
	buf_fini(&url);
}

/* ---- The lineup */

static const char *
audio_name(enum format_codec c)
{
	static const char *const names[] = {
		[FORMAT_AAC] = "AAC",
		[FORMAT_AC3] = "AC3",
		[FORMAT_MP2] = "MPEG",
	};

	return names[c];
}

static int
is_hd(const struct chan *ch)
{
	return ch->format.height >= HD_HEIGHT;
}

static void
add_url(struct buf *out, const struct pages *g, const struct http_request *q,
    const struct chan *ch)
{
	station_base_url(g->station, q->host, out);
	buf_addf(out, "/auto/v%s", ch->number);
}

static json_t *
json_row(const struct pages *g, const struct http_request *q,
    const struct chan *ch)
{
	json_t *j = json_object();
	struct buf url = { 0 };

	add_url(&url, g, q, ch);
	json_object_set_new(j, "GuideNumber", json_text(ch->number));
	json_object_set_new(j, "GuideName", json_text(ch->name));
	json_object_set_new(j, "HD", json_integer(is_hd(ch)));
	json_object_set_new(j, "VideoCodec", json_text("H264"));
	json_object_set_new(j, "AudioCodec",
	    json_text(audio_name(ch->format.audio_codec)));
	json_object_set_new(j, "URL", json_text(buf_str(&url)));
	buf_fini(&url);
	return j;
}

void
hdhr_get_lineup_json(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	json_t *list;

	if (!is_enabled(g, a))
		return;
	list = json_array();
	for (size_t i = 0; i < g->nfeeds; i++)
		json_array_append_new(list, json_row(g, q,
		    feed_chan(g->feeds[i])));
	answer_json(a, 200, list);
}

static void
add_program(struct buf *out, const struct pages *g,
    const struct http_request *q, const struct chan *ch)
{
	struct buf url = { 0 };

	add_url(&url, g, q, ch);
	buf_adds(out, "<Program>");
	add_element(out, "GuideNumber", ch->number);
	add_element(out, "GuideName", ch->name);
	add_element(out, "HD", is_hd(ch) ? "1" : "0");
	add_element(out, "VideoCodec", "H264");
	add_element(out, "AudioCodec", audio_name(ch->format.audio_codec));
	add_element(out, "URL", buf_str(&url));
	buf_adds(out, "</Program>\n");
	buf_fini(&url);
}

void
hdhr_get_lineup_xml(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	if (!is_enabled(g, a))
		return;
	a->status = 200;
	a->type = "application/xml; charset=utf-8";
	buf_adds(&a->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<Lineup>\n");
	for (size_t i = 0; i < g->nfeeds; i++)
		add_program(&a->body, g, q, feed_chan(g->feeds[i]));
	buf_adds(&a->body, "</Lineup>\n");
}

void
hdhr_get_lineup_m3u(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	if (!is_enabled(g, a))
		return;
	a->status = 200;
	a->type = "audio/x-mpegurl; charset=utf-8";
	buf_adds(&a->body, "#EXTM3U\n");
	for (size_t i = 0; i < g->nfeeds; i++) {
		const struct chan *ch = feed_chan(g->feeds[i]);

		buf_addf(&a->body, "#EXTINF:-1 channel-id=\"%s\" "
		    "channel-number=\"%s\" tvg-name=\"", ch->number,
		    ch->number);
		m3u_add_text(&a->body, ch->name);
		buf_addf(&a->body, "\",%s ", ch->number);
		m3u_add_text(&a->body, ch->name);
		buf_adds(&a->body, "\n");
		add_url(&a->body, g, q, ch);
		buf_adds(&a->body, "\n");
	}
}

/* There is nothing to look for: all channels are known, always. */
void
hdhr_get_lineup_status(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	if (is_enabled(g, a))
		answer_json(a, 200, json_pack("{s:i, s:i, s:s, s:[s]}",
		    "ScanInProgress", 0, "ScanPossible", 1,
		    "Source", "Antenna", "SourceList", "Antenna"));
}

void
hdhr_get_scan(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	if (!is_enabled(g, a))
		return;
	a->status = 405;
	a->allow = "POST";
}

void
hdhr_post_scan(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	(void)q;
	if (!is_enabled(g, a))
		return;
	a->status = 200;
	a->type = "text/plain; charset=utf-8";
}

/* ---- Streams */

static bool
has_tuner(const struct pages *g, struct feed *f)
{
	struct hdhr_tuner used[STATION_TUNERS_MAX];

	return is_watched(f) ||
	    hdhr_used(g, used, LENGTH(used)) < hdhr_tuners(g);
}

static void
answer_stream(const struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a)
{
	pages_answer_stream(g, f, q, a);
	if (a->status != 200)
		add_error(a, "803 System Busy");
}

/* "v5.1", or by slug. */
static void
answer_tune(const struct pages *g, const char *name,
    const struct http_request *q, struct http_answer *a)
{
	const char *rest = "";
	struct feed *f = *name == 'v' ? pages_find(g, name + 1, &rest) : NULL;

	if (!is_enabled(g, a))
		return;
	if (f == NULL || *rest != '\0')
		refuse(a, 404, "801 Unknown Channel", "no such channel");
	else if (feed_reason(f) != NULL)
		refuse(a, 503, "806 Tune Failed", feed_reason(f));
	else if (!has_tuner(g, f))
		refuse(a, 503, "805 All Tuners In Use", "as many channels are "
		    "watched as there are tuners");
	else
		answer_stream(g, f, q, a);
}

void
hdhr_get_auto(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	answer_tune(g, q->path + strlen("/auto/"), q, a);
}

/* Which tuner is asked for changes nothing, but it has to be one. */
void
hdhr_get_tuner(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	const char *s = q->path + strlen("/tuner");
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end != '/' || n >= hdhr_tuners(g))
		refuse(a, 404, "801 Unknown Channel", "no such tuner");
	else
		answer_tune(g, end + 1, q, a);
}
