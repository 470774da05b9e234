#include "ts/check_parts.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

#define DESC_SERVICE	0x48	/* EN 300 468 6.2.33 */
#define PID_NONE	0x1fff

/* The programme of that number, made where there is room; NULL: there are
 * too many. */
static struct check_programme *
programme_find(struct check *c, uint16_t number, bool make)
{
	struct check_programme *g;
	size_t n = c->r.nprogrammes;

	for (size_t i = 0; i < n; i++)
		if (c->programmes[i].number == number)
			return &c->programmes[i];
	if (!make || n == PROGRAMMES_MAX)
		return NULL;
	g = &c->programmes[n];
	*g = (struct check_programme){
		.number = number,
		.pmt_pid = PID_NONE,
		.pcr_pid = PID_NONE,
	};
	c->progs[n] = (struct check_prog){
		.version = -1,
		.every.last = CHECK_NO_TIME,
		.eit[0].every.last = CHECK_NO_TIME,
		.eit[1].every.last = CHECK_NO_TIME,
		.told = CHECK_NO_TIME,
	};
	c->r.nprogrammes++;
	return g;
}

static struct check_prog *
prog_of(struct check *c, const struct check_programme *g)
{
	return &c->progs[g - c->programmes];
}

static void
pat_entry(struct check *c, uint16_t number, uint16_t pid)
{
	struct check_programme *g;

	if (number == 0) {
		c->nit_pid = pid;
		return;
	}
	if (pid == PID_NONE || (g = programme_find(c, number, true)) == NULL)
		return;
	g->pmt_pid = pid;
	check_pid(c, pid)->is_pmt = true;
	prog_of(c, g)->listed = true;
}

static void
on_pat(struct check *c, const uint8_t *s, size_t len)
{
	int version = psi_get_version(s);

	if (psi_get_section(s) == 0)
		check_event(c, EVENT_PAT, 0, CHECK_NO_PID);
	c->r.pats++;
	c->r.ts_id = psi_get_tableidext(s);
	if (c->pat_version != version) {
		if (c->pat_version >= 0)
			c->r.pat_changes++;
		for (size_t i = 0; i < c->r.nprogrammes; i++)
			c->progs[i].listed = false;
	}
	c->pat_version = version;
	for (size_t i = PAT_HEADER_SIZE;
	    i + PAT_PROGRAM_SIZE + PSI_CRC_SIZE <= len; i += PAT_PROGRAM_SIZE)
		pat_entry(c, patn_get_program(s + i), patn_get_pid(s + i));
}

/* A new PMT: the old one's streams are nobody's until it names them. */
static void
programme_changed(struct check *c, struct check_programme *g)
{
	for (size_t i = 0; i < CHECK_NPIDS; i++) {
		struct check_pid *p = c->pids[i];

		if (p == NULL || p->m.programme != g->number)
			continue;
		p->in_pmt = false;
		p->m.programme = 0;
	}
	if (g->pcr_pid != PID_NONE)
		check_pid(c, g->pcr_pid)->is_pcr = false;
}

static void
pmt_entry(struct check *c, const struct check_programme *g, uint8_t type,
    uint16_t pid, const uint8_t *desc, size_t len)
{
	struct check_pid *p = check_pid(c, pid);

	if (pid == PID_NONE || p->is_pmt ||
	    (p->in_pmt && p->m.programme != g->number))
		return;
	if (!p->in_pmt)
		p->seen = c->now;
	p->in_pmt = true;
	p->m.programme = g->number;
	p->pcr_pid = g->pcr_pid;
	check_codec(p, type, desc, len);
}

static void
pmt_entries(struct check *c, const struct check_programme *g,
    const uint8_t *s, size_t len)
{
	size_t i = (size_t)PMT_HEADER_SIZE + pmt_get_desclength(s);
	size_t end = len - PSI_CRC_SIZE;

	while (i + PMT_ES_SIZE <= end) {
		const uint8_t *es = s + i;
		size_t n = pmtn_get_desclength(es);

		i += PMT_ES_SIZE;
		if (n > end - i)
			return;
		pmt_entry(c, g, pmtn_get_streamtype(es), pmtn_get_pid(es),
		    es + PMT_ES_SIZE, n);
		i += n;
	}
}

static void
on_pmt(struct check *c, struct check_pid *p, const uint8_t *s, size_t len)
{
	struct check_programme *g;
	struct check_prog *x;

	if (len < PMT_HEADER_SIZE + PSI_CRC_SIZE || !p->is_pmt ||
	    (g = programme_find(c, pmt_get_program(s), false)) == NULL ||
	    g->pmt_pid != p->m.pid)
		return;
	x = prog_of(c, g);
	check_version(c, p, &x->pmt, s, len);
	check_event(c, EVENT_PMT, (uint16_t)(g - c->programmes),
	    CHECK_NO_PID);
	g->pmts++;
	if (x->version != psi_get_version(s) ||
	    g->pcr_pid != pmt_get_pcrpid(s)) {
		if (x->version >= 0)
			g->pmt_changes++;
		programme_changed(c, g);
	}
	x->version = psi_get_version(s);
	g->pcr_pid = pmt_get_pcrpid(s);
	if (g->pcr_pid != PID_NONE)
		check_pid(c, g->pcr_pid)->is_pcr = true;
	pmt_entries(c, g, s, len);
}

/* service_descriptor: type, provider and name, each with its length. */
static void
service_read(struct check_programme *g, const uint8_t *d, size_t len)
{
	size_t n;

	if (len < 2 || (n = d[1]) > len - 2)
		return;
	check_name(g->provider, d + 2, n);
	d += 2 + n;
	len -= 2 + n;
	if (len >= 1 && (n = d[0]) <= len - 1)
		check_name(g->name, d + 1, n);
}

static void
service_entry(struct check *c, uint16_t number, const uint8_t *d, size_t len)
{
	struct check_programme *g = programme_find(c, number, false);

	while (g != NULL && len >= 2 && (size_t)d[1] + 2 <= len) {
		size_t n = d[1];

		if (d[0] == DESC_SERVICE)
			service_read(g, d + 2, n);
		d += 2 + n;
		len -= 2 + n;
	}
}

static void
on_sdt(struct check *c, struct check_pid *p, const uint8_t *s, size_t len)
{
	size_t i = SDT_HEADER_SIZE, end = len - PSI_CRC_SIZE;

	if (psi_get_section(s) == 0)
		check_version(c, p, &c->sdt, s, len);
	while (i + SDT_SERVICE_SIZE <= end) {
		const uint8_t *e = s + i;
		size_t n = sdtn_get_desclength(e);

		i += SDT_SERVICE_SIZE;
		if (n > end - i)
			return;
		service_entry(c, sdtn_get_sid(e), e + SDT_SERVICE_SIZE, n);
		i += n;
	}
}

static void
on_eit(struct check *c, struct check_pid *p, const uint8_t *s, size_t len)
{
	struct check_programme *g = programme_find(c, eit_get_sid(s), false);

	if (g != NULL)
		check_eit(c, p, g, s, len);
}

void
check_table(struct check *c, struct check_pid *p, const uint8_t *s,
    size_t len)
{
	uint8_t id = psi_get_tableid(s);

	if (id == CAT_TABLE_ID && p->m.pid == CAT_PID)
		c->has_cat = true;
	/* The next version, announced, is not yet in force. */
	if (!psi_get_current(s))
		return;
	if (id == PAT_TABLE_ID && p->m.pid == PAT_PID)
		on_pat(c, s, len);
	else if (id == PMT_TABLE_ID)
		on_pmt(c, p, s, len);
	else if (id == SDT_TABLE_ID_ACTUAL && p->m.pid == SDT_PID)
		on_sdt(c, p, s, len);
	else if (id == EIT_TABLE_ID_PF_ACTUAL && p->m.pid == EIT_PID)
		on_eit(c, p, s, len);
}
