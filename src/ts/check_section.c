#include "ts/check_parts.h"

#include <bitstream/dvb/si/sdt.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define STUFFING	0xff		/* 2.4.4: no table_id */
#define NO_TABLE	(-1)
#define WITH_SYNTAX_MIN	(PSI_HEADER_SIZE_SYNTAX1 + PSI_CRC_SIZE)

/* Table ids, ETSI EN 300 468 table 2. */
#define NIT_FIRST	0x40
#define NIT_LAST	0x41
#define BAT		0x4a
#define EIT_FIRST	0x4e
#define EIT_LAST	0x6f
#define TOT		0x73
#define CUES		0xfc		/* ANSI/SCTE 35 9.6 */

/* Tables that TR 101 290 2.2 wants checked, and cues, which have a CRC. */
static bool
has_crc(uint8_t id)
{
	return id <= PMT_TABLE_ID || id == NIT_FIRST || id == NIT_LAST ||
	    id == SDT_TABLE_ID_ACTUAL || id == SDT_TABLE_ID_OTHER ||
	    id == BAT || (id >= EIT_FIRST && id <= EIT_LAST) || id == TOT ||
	    id == CUES;
}

/* Long enough for its kind, the CRC right. */
static bool
is_whole(const uint8_t *s, size_t len)
{
	bool syntax = s[0] != TOT && s[0] != CUES;

	if (syntax && (!psi_get_syntax(s) || len < WITH_SYNTAX_MIN))
		return false;
	return len >= PSI_HEADER_SIZE + PSI_CRC_SIZE && psi_check_crc(s);
}

/* PIDs 0 and 1 are for one table each. */
static void
stranger_check(struct check *c, uint16_t pid, uint8_t id)
{
	if (pid == PAT_PID && id != PAT_TABLE_ID)
		check_complain(c, CHECK_PAT, pid, 0);
	if (pid == CAT_PID && id != CAT_TABLE_ID)
		check_complain(c, CHECK_CAT, pid, id);
}

static void
section_done(struct check *c, struct check_pid *p, const uint8_t *s,
    size_t len)
{
	c->r.tables[s[0]]++;
	stranger_check(c, p->m.pid, s[0]);
	if (s[0] == TDT_TABLE_ID && p->m.pid == TDT_PID)
		check_tdt(c, s, len);
	if (!has_crc(s[0]))
		return;
	if (is_whole(s, len))
		check_table(c, p, s, len);
	else
		check_complain(c, CHECK_CRC, p->m.pid, s[0]);
}

static void
section_broken(struct check *c, struct check_pid *p, int id)
{
	check_complain(c, CHECK_CRC, p->m.pid, id);
	p->section->open = false;
}

/* Add up to the section's `want` bytes. */
static size_t
section_take(struct check_section *x, const uint8_t *load, size_t len,
    size_t want)
{
	size_t n = want - x->len < len ? want - x->len : len;

	memcpy(x->data + x->len, load, n);
	x->len += n;
	return n;
}

static void
sections_add(struct check *c, struct check_pid *p, const uint8_t *load,
    size_t len)
{
	struct check_section *x = p->section;
	size_t n, want;

	while (len != 0 && x->open) {
		if (x->len == 0 && load[0] == STUFFING) {
			x->open = false;
			return;
		}
		want = PSI_HEADER_SIZE;
		if (x->len >= PSI_HEADER_SIZE)
			want += psi_get_length(x->data);
		if (want > CHECK_SECTION) {
			section_broken(c, p, x->data[0]);
			return;
		}
		n = section_take(x, load, len, want);
		load += n;
		len -= n;
		if (x->len < PSI_HEADER_SIZE || x->len <
		    psi_get_length(x->data) + (size_t)PSI_HEADER_SIZE)
			continue;
		section_done(c, p, x->data, x->len);
		x->len = 0;
	}
}

/* A unit start's pointer_field: what stands before the next section belongs
 * to the one before and must end it (2.4.4.2). */
static size_t
pointer_pass(struct check *c, struct check_pid *p, const uint8_t *load,
    size_t len)
{
	struct check_section *x = p->section;
	size_t skip = 1u + load[0];

	if (skip >= len) {
		section_broken(c, p, NO_TABLE);
		return len;
	}
	if (x->open && x->len != 0)
		sections_add(c, p, load + 1, skip - 1);
	if (x->open && x->len != 0)
		section_broken(c, p, x->data[0]);
	x->open = true;
	x->len = 0;
	return skip;
}

void
check_section_packet(struct check *c, struct check_pid *p,
    const uint8_t *load, size_t len, bool start)
{
	size_t skip = 0;

	if (p->section == NULL) {
		p->section = xcalloc(1, sizeof *p->section);
		p->section->data = xmalloc(CHECK_SECTION);
	}
	if (len == 0)
		return;
	if (start)
		skip = pointer_pass(c, p, load, len);
	if (p->section->open)
		sections_add(c, p, load + skip, len - skip);
}

void
check_section_lost(struct check_pid *p)
{
	if (p->section != NULL)
		p->section->open = false;
}
