#include "plan/m3u.h"

#include <string.h>

#include "base/utf8.h"
#include "plan/guide.h"

#define VIDEO_CODEC	"h264"
#define HOURS		24	/* of a day */

/* One blank, however many there are to be. */
static void
add_blank(struct buf *out)
{
	if (out->len > 0 && out->data[out->len - 1] != ' ')
		buf_adds(out, " ");
}

/* One line of it: what would be taken for something else is a blank or, of
 * quotes, an apostrophe. */
void
m3u_add_text(struct buf *out, const char *text)
{
	struct buf whole = { 0 };
	const uint8_t *p;
	size_t n;

	utf8_add(&whole, text);
	for (p = (const uint8_t *)buf_str(&whole); *p != '\0'; p += n) {
		n = utf8_len(p);
		if (*p == '"')
			buf_adds(out, "'");
		else if (*p == ' ' || *p == ',' ||
		    utf8_is_control(utf8_get(p, n)))
			add_blank(out);
		else
			buf_add(out, p, n);
	}
	buf_fini(&whole);
}

static void
add_attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	m3u_add_text(out, value);
	buf_adds(out, "\"");
}

/* In a URL what would end the value has its escape (RFC 3986 2.1). */
static void
add_url(struct buf *out, const char *name, const char *url)
{
	struct buf value = { 0 };

	for (; *url != '\0'; url++) {
		if (*url == ',' || *url == '"' || *url == ' ')
			buf_addf(&value, "%%%02X", (unsigned char)*url);
		else
			buf_add(&value, url, 1);
	}
	add_attribute(out, name, buf_str(&value));
	buf_fini(&value);
}

void
m3u_add_logo(struct buf *out, const char *base, const char *slug,
    const char *logo)
{
	if (logo != NULL && strstr(logo, "://") != NULL)
		buf_adds(out, logo);
	else
		buf_addf(out, "%s/channel/%s/logo", base, slug);
}

void
m3u_add_head(struct buf *out, const char *base)
{
	buf_addf(out, "#EXTM3U url-tvg=\"%s/iptv/xmltv.xml\" "
	    "x-tvg-url=\"%s/iptv/xmltv.xml\"\n", base, base);
}

/* In place of {utc} Kodi and TiviMate put where a programme begins, in seconds
 * since 1970. */
static void
add_catchup(struct buf *out, const char *base, const struct chan *ch)
{
	buf_addf(out, " catchup=\"default\" catchup-source=\"%s/channel/%s/"
	    "stream.ts?at={utc}\" catchup-days=\"%d\"", base, ch->slug,
	    (ch->catchup_h + HOURS - 1) / HOURS);
}

/* Told what it is, Kodi need not ask for a part of it before it plays. */
static void
add_mime_type(struct buf *out, enum m3u_streams streams)
{
	buf_addf(out, "#KODIPROP:mimetype=%s\n", streams == M3U_HLS ?
	    "application/vnd.apple.mpegurl" : "video/mp2t");
}

/* What names it by its slug stays the same when its number changes. */
void
m3u_add_channel(struct buf *out, const char *base, const struct chan *ch,
    const char *group, enum m3u_streams streams)
{
	struct buf id = { 0 }, logo = { 0 };

	guide_add_id(&id, ch->slug);
	m3u_add_logo(&logo, base, ch->slug, ch->logo);
	add_mime_type(out, streams);
	buf_adds(out, "#EXTINF:-1");
	add_attribute(out, "tvg-id", buf_str(&id));
	add_attribute(out, "channel-id", ch->slug);
	add_attribute(out, "tvg-chno", ch->number);
	add_attribute(out, "channel-number", ch->number);
	add_attribute(out, "tvg-name", ch->name);
	add_url(out, "tvg-logo", buf_str(&logo));
	add_attribute(out, "group-title", ch->group != NULL ? ch->group :
	    group);
	add_attribute(out, "tvc-stream-vcodec", VIDEO_CODEC);
	add_attribute(out, "tvc-stream-acodec",
	    format_codec_name(ch->format.audio_codec));
	if (ch->catchup_h != 0 && streams == M3U_TS)
		add_catchup(out, base, ch);
	buf_adds(out, ",");
	m3u_add_text(out, ch->name);
	buf_addf(out, "\n%s/channel/%s/%s\n", base, ch->slug,
	    streams == M3U_HLS ? "hls/index.m3u8" : "stream.ts");
	buf_fini(&id);
	buf_fini(&logo);
}
