#include "ts/check_parts.h"

#include <string.h>

struct codec {
	unsigned key;		/* stream_type, tag or format_identifier */
	const char *name;
	enum check_class class;
	enum check_framing framing;
};

#define FOURCC(a, b, c, d) \
	((unsigned)(a) << 24 | (unsigned)(b) << 16 | (unsigned)(c) << 8 | \
	    (unsigned)(d))
#define END		{ 0, NULL, CHECK_DATA, FRAMING_NONE }
#define TYPE_PRIVATE	0x06	/* its descriptors tell */
#define DESC_REGISTRATION 0x05
#define DESC_LANGUAGE	0x0a

/* ISO/IEC 13818-1 table 2-34; from 0x80 ATSC and SCTE. */
static const struct codec types[] = {
	{ 0x01, "MPEG-1 video", CHECK_VIDEO, FRAMING_NONE },
	{ 0x02, "MPEG-2 video", CHECK_VIDEO, FRAMING_NONE },
	{ 0x03, "MPEG-1 audio", CHECK_AUDIO, FRAMING_MPEG },
	{ 0x04, "MPEG-2 audio", CHECK_AUDIO, FRAMING_MPEG },
	{ 0x05, "private sections", CHECK_DATA, FRAMING_NONE },
	{ TYPE_PRIVATE, "private data", CHECK_DATA, FRAMING_NONE },
	{ 0x0b, "DSM-CC", CHECK_DATA, FRAMING_NONE },
	{ 0x0f, "AAC", CHECK_AUDIO, FRAMING_ADTS },
	{ 0x10, "MPEG-4 video", CHECK_VIDEO, FRAMING_NONE },
	{ 0x11, "AAC LATM", CHECK_AUDIO, FRAMING_NONE },
	{ 0x15, "metadata", CHECK_DATA, FRAMING_NONE },
	{ 0x1b, "H.264", CHECK_VIDEO, FRAMING_NONE },
	{ 0x21, "JPEG 2000", CHECK_VIDEO, FRAMING_NONE },
	{ 0x24, "HEVC", CHECK_VIDEO, FRAMING_NONE },
	{ 0x33, "VVC", CHECK_VIDEO, FRAMING_NONE },
	{ 0x42, "AVS", CHECK_VIDEO, FRAMING_NONE },
	{ 0x81, "AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ 0x86, "SCTE 35", CHECK_DATA, FRAMING_NONE },
	{ 0x87, "E-AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ 0xea, "VC-1", CHECK_VIDEO, FRAMING_NONE },
	END
};

/* Descriptors, EN 300 468 table 12. */
static const struct codec tags[] = {
	{ 0x56, "teletext", CHECK_DATA, FRAMING_NONE },
	{ 0x59, "DVB subtitles", CHECK_DATA, FRAMING_NONE },
	{ 0x6a, "AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ 0x7a, "E-AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ 0x7b, "DTS", CHECK_AUDIO, FRAMING_NONE },
	{ 0x7c, "AAC", CHECK_AUDIO, FRAMING_NONE },
	END
};

static const struct codec registrations[] = {
	{ FOURCC('A', 'C', '-', '3'), "AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ FOURCC('E', 'A', 'C', '3'), "E-AC-3", CHECK_AUDIO, FRAMING_AC3 },
	{ FOURCC('O', 'p', 'u', 's'), "Opus", CHECK_AUDIO, FRAMING_NONE },
	{ FOURCC('B', 'S', 'S', 'D'), "S302M", CHECK_AUDIO, FRAMING_NONE },
	{ FOURCC('D', 'T', 'S', '1'), "DTS", CHECK_AUDIO, FRAMING_NONE },
	{ FOURCC('D', 'T', 'S', '2'), "DTS", CHECK_AUDIO, FRAMING_NONE },
	{ FOURCC('D', 'T', 'S', '3'), "DTS", CHECK_AUDIO, FRAMING_NONE },
	{ FOURCC('H', 'E', 'V', 'C'), "HEVC", CHECK_VIDEO, FRAMING_NONE },
	{ FOURCC('A', 'V', '0', '1'), "AV1", CHECK_VIDEO, FRAMING_NONE },
	{ FOURCC('V', 'C', '-', '1'), "VC-1", CHECK_VIDEO, FRAMING_NONE },
	{ FOURCC('K', 'L', 'V', 'A'), "KLV", CHECK_DATA, FRAMING_NONE },
	{ FOURCC('I', 'D', '3', ' '), "ID3", CHECK_DATA, FRAMING_NONE },
	END
};

static const struct codec *
codec_find(const struct codec *k, unsigned key)
{
	while (k->name != NULL && k->key != key)
		k++;
	return k->name != NULL ? k : NULL;
}

static void
language_set(struct check_stream *m, const uint8_t *d)
{
	for (int i = 0; i < 3; i++) {
		/* ISO 639-2: three letters, or it says nothing. */
		if ((d[i] | 0x20) < 'a' || (d[i] | 0x20) > 'z')
			return;
		m->language[i] = (char)d[i];
	}
	m->language[3] = '\0';
}

static const struct codec *
descriptor_codec(uint8_t tag, const uint8_t *d, size_t len)
{
	if (tag != DESC_REGISTRATION)
		return codec_find(tags, tag);
	return len < 4 ? NULL :
	    codec_find(registrations, FOURCC(d[0], d[1], d[2], d[3]));
}

void
check_codec(struct check_pid *p, uint8_t type, const uint8_t *desc,
    size_t len)
{
	const struct codec *k = codec_find(types, type), *said = NULL;

	while (len >= 2 && (size_t)desc[1] + 2 <= len) {
		size_t n = desc[1];

		if (desc[0] == DESC_LANGUAGE && n >= 3)
			language_set(&p->m, desc + 2);
		if (said == NULL)
			said = descriptor_codec(desc[0], desc + 2, n);
		desc += 2 + n;
		len -= 2 + n;
	}
	if (said != NULL && (type == TYPE_PRIVATE || k == NULL))
		k = said;
	p->m.type = type;
	p->m.codec = k != NULL ? k->name : "";
	p->m.class = k != NULL ? k->class : CHECK_DATA;
	p->framing = k != NULL ? k->framing : FRAMING_NONE;
}
