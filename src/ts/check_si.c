/* What is on, what follows, what time it is (ETSI EN 300 468 5.2.4, 5.2.5);
 * and of any table, whether it changes as it may. */

#include "ts/check_parts.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#define DESC_SHORT_EVENT	0x4d	/* EN 300 468 6.2.37 */
#define LANGUAGE		3	/* bytes */
#define MJD_1970		40587	/* annex C */
#define MJD_WRAP		(1 << 16)

void
check_version(struct check *c, struct check_pid *p,
    struct check_version *v, const uint8_t *s, size_t len)
{
	const uint8_t *crc = s + len - PSI_CRC_SIZE;
	uint8_t version = psi_get_version(s);

	if (v->seen && v->version == version &&
	    memcmp(v->crc, crc, PSI_CRC_SIZE) != 0)
		check_complain(c, CHECK_VERSION, p->m.pid, s[0]);
	v->seen = true;
	v->version = version;
	memcpy(v->crc, crc, PSI_CRC_SIZE);
}

/* The name in the first short_event_descriptor of an event's. */
static void
title_read(char out[CHECK_NAME_MAX], const uint8_t *d, size_t len)
{
	for (; len >= 2 && (size_t)d[1] + 2 <= len; len -= 2u + d[1],
	    d += 2 + d[1]) {
		if (d[0] != DESC_SHORT_EVENT || d[1] <= LANGUAGE)
			continue;
		if (d[2 + LANGUAGE] < d[1] - LANGUAGE)
			check_name(out, d + 3 + LANGUAGE, d[2 + LANGUAGE]);
		return;
	}
}

/* The first event of a section, "" where it has none. */
static void
event_read(char out[CHECK_NAME_MAX], const uint8_t *s, size_t len)
{
	const uint8_t *e = s + EIT_HEADER_SIZE;
	size_t room = len - EIT_HEADER_SIZE - PSI_CRC_SIZE;

	out[0] = '\0';
	if (room < EIT_EVENT_SIZE ||
	    eitn_get_desclength(e) > room - EIT_EVENT_SIZE)
		return;
	title_read(out, e + EIT_EVENT_SIZE, eitn_get_desclength(e));
}

void
check_eit(struct check *c, struct check_pid *p, struct check_programme *g,
    const uint8_t *s, size_t len)
{
	struct check_prog *x = &c->progs[g - c->programmes];
	unsigned i = psi_get_section(s);

	if (len < EIT_HEADER_SIZE + PSI_CRC_SIZE || i > 1)
		return;
	check_version(c, p, &x->eit[i].version, s, len);
	check_event(c, EVENT_EIT, (uint16_t)((g - c->programmes) * 2 + i),
	    CHECK_NO_PID);
	g->has_eit = true;
	event_read(i == 0 ? g->now : g->next, s, len);
}

static bool
digits_read(int64_t *s, const uint8_t bcd[3])
{
	*s = 0;
	for (int i = 0; i < 3; i++) {
		if (bcd[i] >> 4 > 9 || (bcd[i] & 0xf) > 9)
			return false;
		*s = *s * 60 + (bcd[i] >> 4) * 10 + (bcd[i] & 0xf);
	}
	return true;
}

void
check_tdt(struct check *c, const uint8_t *s, size_t len)
{
	int64_t day, second;

	if (len < TDT_HEADER_SIZE || !digits_read(&second, s + 5))
		return;
	/* 16 bits of days: in 2038 they begin anew. */
	day = (s[3] << 8 | s[4]) - MJD_1970;
	if (day < 0)
		day += MJD_WRAP;
	c->r.utc = day * 86400 + second;
	check_event(c, EVENT_TDT, 0, CHECK_NO_PID);
}
