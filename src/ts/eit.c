#include "ts/eit.h"

#include <bitstream/dvb/si/datetime.h>
#include <bitstream/dvb/si/desc_4d.h>
#include <bitstream/dvb/si/desc_4e.h>
#include <bitstream/dvb/si/desc_54.h>
#include <bitstream/dvb/si/desc_55.h>
#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#include "base/arith.h"
#include "base/utf8.h"
#include "ts/mux.h"

#define DAY_S		86400
#define MJD_1970	40587		/* EN 300 468 annex C */
#define DURATION_MAX	(100 * 3600 - 1)	/* six digits */
#define RUNNING		4		/* table 6 */
#define NOT_RUNNING	1
#define DVB_UTF8	0x15		/* annex A.2: UTF-8 follows */
#define DESC_MAX	257
#define NAME_MAX_BYTES	120		/* of the 250 for name and text */
#define SHORT_MAX	250		/* 6.2.37: both, with their marks */
#define EXTENDED_MAX	249		/* 6.2.15: text, with its mark */
#define EXTENDED_DESCS	8		/* of 16 that can be numbered */
#define AGE_BASE	3		/* 6.2.28: rating + 3 years */

/* What a receiver can show of a text: whole characters, no controls. */
static void
text_clean(struct buf *out, const char *text)
{
	struct buf whole = { 0 };
	const uint8_t *p;

	utf8_add(&whole, text);
	p = (const uint8_t *)buf_str(&whole);
	while (*p != '\0') {
		size_t n = utf8_len(p);

		if (utf8_is_control(utf8_get(p, n)))
			buf_adds(out, " ");
		else
			buf_add(out, p, n);
		p += n;
	}
	buf_fini(&whole);
}

/* How much of the text's n bytes makes whole characters in `room`. */
static size_t
text_fit(const uint8_t *text, size_t n, size_t room)
{
	if (n <= room)
		return n;
	while (room > 0 && (text[room] & 0xc0) == 0x80)
		room--;
	return room;
}

/* A DVB string of at most max bytes, its mark counted; *text and *n move to
 * what is left. */
static uint8_t
text_make(uint8_t out[DESC_MAX], const uint8_t **text, size_t *n, size_t max)
{
	size_t fit = text_fit(*text, *n, max - 1);

	if (fit == 0)
		return 0;
	out[0] = DVB_UTF8;
	memcpy(out + 1, *text, fit);
	*text += fit;
	*n -= fit;
	return (uint8_t)(fit + 1);
}

static const uint8_t *
language_of(const struct eit_event *e)
{
	return (const uint8_t *)(e->language != NULL ? e->language : "und");
}

static void
desc_add(struct buf *out, const uint8_t *desc)
{
	buf_add(out, desc, (size_t)desc_get_length(desc) + DESC_HEADER_SIZE);
}

/* "Sub-title: description", where both are given. */
static void
text_join(struct buf *out, const struct eit_event *e)
{
	if (e->subtitle != NULL)
		text_clean(out, e->subtitle);
	if (e->subtitle != NULL && e->description != NULL)
		buf_adds(out, ": ");
	if (e->description != NULL)
		text_clean(out, e->description);
}

/* The name and as much of the text as there is room for.  True: there was for
 * all of it. */
static bool
short_event_put(struct buf *out, const struct eit_event *e,
    const struct buf *text)
{
	uint8_t desc[DESC_MAX], part[DESC_MAX], len;
	struct buf title = { 0 };
	const uint8_t *p;
	size_t n;

	text_clean(&title, e->title != NULL ? e->title : "");
	desc4d_init(desc);
	desc4d_set_lang(desc, language_of(e));
	p = title.data;
	n = title.len;
	len = text_make(part, &p, &n, NAME_MAX_BYTES);
	desc4d_set_event_name(desc, part, len);
	p = text->data;
	n = text->len;
	desc4d_set_text(desc, part, text_make(part, &p, &n,
	    (size_t)SHORT_MAX - len));
	desc4d_set_length(desc);
	desc_add(out, desc);
	buf_fini(&title);
	return n == 0;
}

static void
extended_event_put(struct buf *out, const struct eit_event *e,
    const struct buf *text)
{
	const uint8_t *p = text->data;
	size_t n = text->len, at[EXTENDED_DESCS], count = 0;

	for (; n != 0 && count < EXTENDED_DESCS; count++) {
		uint8_t desc[DESC_MAX], part[DESC_MAX];

		desc4e_init(desc);
		desc4e_set_lang(desc, language_of(e));
		desc4e_set_items_length(desc, 0);
		desc4e_set_text(desc, part, text_make(part, &p, &n,
		    EXTENDED_MAX));
		desc4e_set_length(desc);
		at[count] = out->len;
		desc_add(out, desc);
	}
	for (size_t i = 0; i < count; i++) {
		desc4e_set_desc_number(out->data + at[i], (uint8_t)i);
		desc4e_set_last_desc_number(out->data + at[i],
		    (uint8_t)(count - 1));
	}
}

static void
content_put(struct buf *out, uint8_t content)
{
	uint8_t desc[DESC_HEADER_SIZE + DESC54_CONTENT_SIZE] = { 0 }, *entry;

	desc54_init(desc);
	desc_set_length(desc, DESC54_CONTENT_SIZE);
	entry = desc54_get_content(desc, 0);
	desc54n_set_content_l1(entry, content >> 4);
	desc54n_set_content_l2(entry, content & 0xf);
	desc_add(out, desc);
}

static void
rating_put(struct buf *out, const char *country, uint8_t age)
{
	uint8_t desc[DESC_HEADER_SIZE + DESC55_RATING_SIZE], *entry;

	desc55_init(desc);
	desc_set_length(desc, DESC55_RATING_SIZE);
	entry = desc55_get_rating(desc, 0);
	desc55n_set_country_code(entry, (const uint8_t *)country);
	desc55n_set_rating(entry, (uint8_t)(age - AGE_BASE));
	desc_add(out, desc);
}

/* 16 bits of modified Julian date, which end in 2038 and begin anew, and six
 * digits (annex C). */
static uint64_t
time_code(int64_t utc)
{
	uint64_t day = (uint64_t)(div_floor(utc, DAY_S) + MJD_1970) & 0xffff;

	return day << 24 |
	    dvb_time_encode_duration((unsigned)mod_floor(utc, DAY_S));
}

static uint32_t
duration_code(int64_t s)
{
	if (s < 0)
		s = 0;
	if (s > DURATION_MAX)
		s = DURATION_MAX;
	return dvb_time_encode_duration((unsigned)s);
}

void
eit_event_put(struct buf *out, const struct eit_event *e)
{
	size_t at = out->len;
	struct buf text = { 0 };
	uint8_t *head = buf_extend(out, EIT_EVENT_SIZE);

	eitn_init(head);
	eitn_set_event_id(head, e->id);
	eitn_set_start_time(head, time_code(e->start));
	eitn_set_duration_bcd(head, duration_code(e->duration));
	text_join(&text, e);
	if (!short_event_put(out, e, &text))
		extended_event_put(out, e, &text);
	if (e->content != 0)
		content_put(out, e->content);
	if (e->age > AGE_BASE && e->country != NULL)
		rating_put(out, e->country, e->age);
	eitn_set_desclength(out->data + at,
	    (uint16_t)(out->len - at - EIT_EVENT_SIZE));
	buf_fini(&text);
}

size_t
eit_make(uint8_t section[EIT_SECTION_MAX], uint16_t ts_id, bool following,
    uint8_t version, const struct buf *event)
{
	uint8_t *e = section + EIT_HEADER_SIZE;

	eit_init(section, true);
	eit_set_sid(section, MUX_SERVICE_ID);
	psi_set_version(section, version);
	psi_set_current(section);
	psi_set_section(section, following);
	psi_set_lastsection(section, 1);
	eit_set_tsid(section, ts_id);
	eit_set_onid(section, MUX_ORIGINAL_NETWORK_ID);
	eit_set_segment_last_sec_number(section, 1);
	eit_set_last_table_id(section, EIT_TABLE_ID_PF_ACTUAL);
	if (event->len != 0) {
		memcpy(e, event->data, event->len);
		eitn_set_running(e, following ? NOT_RUNNING : RUNNING);
	}
	eit_set_length(section, (uint16_t)event->len);
	psi_set_crc(section);
	return EIT_HEADER_SIZE + event->len + PSI_CRC_SIZE;
}

size_t
tdt_make(uint8_t section[EIT_SECTION_MAX], int64_t utc)
{
	tdt_init(section);
	tdt_set_utc(section, time_code(utc));
	return TDT_HEADER_SIZE;
}
