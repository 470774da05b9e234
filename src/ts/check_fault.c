#include "ts/check_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define FAULTS_MAX	1024	/* kinds times PIDs told apart */

static const struct check_kind_info infos[CHECK_NKINDS] = {
#define FAULT	true
#define NOTE	false
#define X(kind, name, clause, level, unit, text) \
	[CHECK_##kind] = { name, clause, text, level, CHECK_UNIT_##unit },
	CHECK_KINDS(X)
#undef X
#undef FAULT
#undef NOTE
};

const struct check_kind_info *
check_kind_info(enum check_kind k)
{
	return &infos[k];
}

static struct check_fault *
fault_new(struct check *c, enum check_kind k, uint16_t pid)
{
	struct check_fault *f;

	xgrow(&c->faults, &c->cap_faults, c->nfaults + 1, sizeof *c->faults);
	f = &c->faults[c->nfaults++];
	*f = (struct check_fault){
		.kind = k,
		.pid = pid,
		.fault = infos[k].fault,
	};
	return f;
}

static struct check_fault *
fault_find(struct check *c, enum check_kind k, uint16_t pid)
{
	for (size_t i = 0; i < c->nfaults; i++)
		if (c->faults[i].kind == k && c->faults[i].pid == pid)
			return &c->faults[i];
	return fault_new(c, k, pid);
}

/* Of a PID at once; when there are too many to tell apart they share one. */
static struct check_fault *
fault_of(struct check *c, enum check_kind k, uint16_t pid)
{
	struct check_pid *p;

	if (pid == CHECK_NO_PID)
		return fault_find(c, k, pid);
	p = check_pid(c, pid);
	if (p->fault[k] == 0) {
		if (c->nfaults >= FAULTS_MAX)
			return fault_find(c, k, CHECK_NO_PID);
		fault_new(c, k, pid);
		p->fault[k] = (uint16_t)c->nfaults;
	}
	return &c->faults[p->fault[k] - 1];
}

void
check_complain_at(struct check *c, enum check_kind k, uint16_t pid,
    const struct check_place *at, int64_t value)
{
	struct check_fault *f = fault_of(c, k, pid);

	f->count++;
	if (f->nplaces == 2 * CHECK_PLACES) {
		memmove(f->places + CHECK_PLACES,
		    f->places + CHECK_PLACES + 1,
		    (CHECK_PLACES - 1) * sizeof f->places[0]);
		f->nplaces--;
	}
	f->places[f->nplaces] = *at;
	f->places[f->nplaces++].value = value;
}

void
check_complain(struct check *c, enum check_kind k, uint16_t pid,
    int64_t value)
{
	check_complain_at(c, k, pid, &c->at, value);
}

void
check_hist_add(struct check_hist *h, int64_t ticks)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->deltas[i].ticks == ticks) {
			h->deltas[i].n++;
			return;
		}
	if (h->n == CHECK_DELTAS) {
		h->other++;
		return;
	}
	h->deltas[h->n++] = (struct check_delta){ ticks, 1 };
}

void
check_span_add(struct check_span *s, int64_t v)
{
	if (s->n == 0 || v < s->min)
		s->min = v;
	if (s->n == 0 || v > s->max)
		s->max = v;
	s->n++;
}

static int
fault_cmp(const void *a, const void *b)
{
	const struct check_fault *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* A stream that never had an even step has no gaps: its rate varies. */
static bool
is_excused(struct check *c, const struct check_fault *f)
{
	if (f->kind != CHECK_DTS_GAP && f->kind != CHECK_PTS_GAP)
		return false;
	return f->pid != CHECK_NO_PID && check_pid(c, f->pid)->m.uneven;
}

void
check_faults_finish(struct check *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nfaults; i++) {
		struct check_fault *f = &c->faults[i];

		if (f->kind == CHECK_PCR_ACCURACY && !c->r.accuracy)
			continue;
		if (is_excused(c, f))
			f->fault = false;
		if (f->fault)
			c->r.total_faults += f->count;
		else
			c->r.total_notes += f->count;
		c->faults[n++] = *f;
	}
	if (n != 0)
		qsort(c->faults, n, sizeof *c->faults, fault_cmp);
	c->r.faults = c->faults;
	c->r.nfaults = n;
}
