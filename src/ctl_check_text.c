#include "ctl_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ts/grid.h"

#define MS_27(t)	((t) / (PCR_HZ / 1000))
#define PID_NULL	0x1fff
#define TENTHS(ticks)	((ticks) * 10 / 90)	/* of a millisecond */
#define STEPS_SHOWN	4
#define NOTE_PLACES	3	/* JSON has them all */

const char *
ctl_check_class(enum check_class class)
{
	static const char *const names[] = {
		[CHECK_OTHER] = "unreferenced",
		[CHECK_PSI] = "tables",
		[CHECK_DATA] = "data",
		[CHECK_VIDEO] = "video",
		[CHECK_AUDIO] = "audio",
	};

	return names[class];
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* With a decimal: "-3.5 ms". */
static void
add_tenths(struct buf *out, int64_t tenths)
{
	buf_addf(out, "%s%" PRId64 ".%" PRId64, tenths < 0 ? "-" : "",
	    (int64_t)llabs(tenths) / 10, (int64_t)llabs(tenths) % 10);
}

static uint64_t
kbits(const struct check_report *r, uint64_t packets)
{
	uint64_t ms = (uint64_t)MS_27(r->duration);

	return ms == 0 ? 0 : packets * 188 * 8 / ms;
}

static void
add_summary(const struct check_report *r, const char *source,
    struct buf *out)
{
	buf_addf(out, "%s: %" PRIu64 " packet%s of %zu bytes, %" PRId64
	    ".%03" PRId64 " s, %" PRIu64 " kbit/s", source, r->packets,
	    plural(r->packets), r->packet_size, r->duration / PCR_HZ,
	    MS_27(r->duration) % 1000, kbits(r, r->packets));
	if (r->garbage != 0)
		buf_addf(out, ", %" PRIu64 " byte%s of no packet", r->garbage,
		    plural(r->garbage));
	if (r->tail != 0)
		buf_addf(out, ", ends with %" PRIu64 " byte%s of a cut packet",
		    r->tail, plural(r->tail));
	buf_addf(out, "\n%" PRIu64 " fault%s, %" PRIu64 " note%s\n",
	    r->total_faults, plural(r->total_faults), r->total_notes,
	    plural(r->total_notes));
}

static void
add_stream(const struct check_report *r, const struct check_stream *m,
    struct buf *out)
{
	buf_addf(out, "  0x%04x  %-12s %-16s %-4s %9" PRIu64 " %7" PRIu64
	    " %7" PRIu64 " %5" PRIu64 "%s%s\n", m->pid,
	    m->pid == PID_NULL ? "stuffing" : ctl_check_class(m->class),
	    m->codec, m->language, m->packets, kbits(r, m->packets), m->pes,
	    m->cc_errors, m->pcr.n != 0 ? "  PCR" : "",
	    m->scrambled != 0 ? "  scrambled" : "");
}

static void
add_head(struct buf *out)
{
	buf_addf(out, "  %-6s  %-12s %-16s %-4s %9s %7s %7s %5s\n", "PID",
	    "HOLDS", "CODEC", "LANG", "PACKETS", "KBIT/S", "PES", "CC");
}

static void
add_programme(const struct check_report *r, const struct check_programme *g,
    struct buf *out)
{
	buf_addf(out, "\nProgramme %u", g->number);
	if (*g->name != '\0')
		buf_addf(out, " \"%s\"", g->name);
	if (*g->provider != '\0')
		buf_addf(out, " of \"%s\"", g->provider);
	buf_addf(out, ": PMT on 0x%04x, at most %" PRId64 " ms apart, %"
	    PRIu64 " change%s; PCR on 0x%04x\n", g->pmt_pid,
	    MS_27(g->pmt_max_gap), g->pmt_changes, plural(g->pmt_changes),
	    g->pcr_pid);
	if (g->has_eit)
		buf_addf(out, "  Now \"%s\", next \"%s\"\n", g->now,
		    g->next);
	add_head(out);
	for (size_t i = 0; i < r->nstreams; i++)
		if (r->streams[i]->programme == g->number)
			add_stream(r, r->streams[i], out);
}

static void
add_others(const struct check_report *r, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < r->nstreams; i++) {
		if (r->streams[i]->programme != 0)
			continue;
		if (!any) {
			buf_adds(out, "\nOther PIDs\n");
			add_head(out);
		}
		any = true;
		add_stream(r, r->streams[i], out);
	}
}

static uint64_t
kind_count(const struct check_report *r, enum check_kind k)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->nfaults; i++)
		if (r->faults[i].kind == k)
			n += r->faults[i].count;
	return n;
}

static bool
kind_is_fault(const struct check_report *r, enum check_kind k)
{
	for (size_t i = 0; i < r->nfaults; i++)
		if (r->faults[i].kind == k && r->faults[i].fault)
			return true;
	return false;
}

static void
add_verdict(const struct check_report *r, enum check_kind k,
    struct buf *out)
{
	const struct check_kind_info *i = check_kind_info(k);
	uint64_t n = kind_count(r, k);

	buf_addf(out, "  %-9s %-34s", i->clause, i->name);
	if (k == CHECK_PCR_ACCURACY && !r->accuracy)
		buf_adds(out, " not measured: no constant rate\n");
	else if (n == 0)
		buf_adds(out, "        OK\n");
	else
		buf_addf(out, " %9" PRIu64 "  %s\n", n,
		    kind_is_fault(r, k) ? "FAULT" : "note");
}

/* TR 101 290 has its lines whatever was found, everything else only where
 * there is something. */
static void
add_verdicts(const struct check_report *r, struct buf *out)
{
	bool any = false;

	buf_adds(out, "\nTR 101 290\n");
	for (int k = 0; k < CHECK_DISCONTINUITY; k++)
		add_verdict(r, (enum check_kind)k, out);
	buf_adds(out, "\nISO/IEC 13818-1 (H) and DVB\n");
	for (int k = CHECK_DISCONTINUITY; k < CHECK_NKINDS; k++)
		if (kind_count(r, (enum check_kind)k) != 0) {
			add_verdict(r, (enum check_kind)k, out);
			any = true;
		}
	if (!any)
		buf_addf(out, "  %-9s %-34s        OK\n", "", "all");
}

static int
by_frequency(const void *a, const void *b)
{
	const struct check_delta *x = a, *y = b;

	return x->n > y->n ? -1 : x->n < y->n;
}

/* The most frequent steps, in ticks: "3600 x749, 7200 x1". */
static void
add_hist(const char *what, const struct check_hist *h, struct buf *out)
{
	struct check_hist s = *h;
	uint64_t more = h->other;

	if (h->n == 0)
		return;
	qsort(s.deltas, s.n, sizeof s.deltas[0], by_frequency);
	buf_addf(out, "; %s ", what);
	for (size_t i = 0; i < s.n; i++) {
		if (i < STEPS_SHOWN)
			buf_addf(out, "%s%" PRId64 " x%" PRIu64,
			    i != 0 ? ", " : "", s.deltas[i].ticks,
			    s.deltas[i].n);
		else
			more += s.deltas[i].n;
	}
	if (more != 0)
		buf_addf(out, ", others x%" PRIu64, more);
}

static void
add_span(const char *what, const struct check_span *s, struct buf *out)
{
	if (s->n == 0)
		return;
	buf_addf(out, "; %s ", what);
	add_tenths(out, TENTHS(s->min));
	if (s->max != s->min) {
		buf_adds(out, " to ");
		add_tenths(out, TENTHS(s->max));
	}
	buf_adds(out, " ms");
}

static void
add_pcr(const struct check_pcr *m, struct buf *out)
{
	if (m->n == 0)
		return;
	buf_addf(out, "; %" PRIu64 " PCR%s, at most ", m->n, plural(m->n));
	add_tenths(out, m->max_gap * 10 / (PCR_HZ / 1000));
	buf_adds(out, " ms apart");
	if (m->judged != 0 && m->unjudged == 0)
		buf_addf(out, ", %" PRId64 " ns off", m->max_error_ns);
}

static void
add_measures(const struct check_stream *m, struct buf *out)
{
	struct buf line = { 0 };

	add_hist("DTS steps", &m->dts_deltas, &line);
	if (m->class == CHECK_VIDEO)
		add_hist("PTS steps", &m->pts_deltas, &line);
	add_span("decoder delay", &m->delay, &line);
	add_pcr(&m->pcr, &line);
	if (m->keys != 0)
		buf_addf(&line, "; %" PRIu64 " key frame%s", m->keys,
		    plural(m->keys));
	add_span("apart", &m->key_ticks, &line);
	if (m->frames != 0) {
		buf_addf(&line, "; %" PRIu64 " frame%s at %u Hz, drift ",
		    m->frames, plural(m->frames), m->sample_rate);
		add_tenths(&line, TENTHS(m->drift));
		buf_adds(&line, " ms");
	}
	if (m->pes_without_pts != 0)
		buf_addf(&line, "; %" PRIu64 " PES packet%s without PTS",
		    m->pes_without_pts, plural(m->pes_without_pts));
	if (m->duplicates != 0)
		buf_addf(&line, "; %" PRIu64 " packet%s twice",
		    m->duplicates, plural(m->duplicates));
	if (line.len > 2)
		buf_addf(out, "  0x%04x  %s\n", m->pid, buf_str(&line) + 2);
	buf_fini(&line);
}

/* No more digits than are known. */
static void
add_ppm(int64_t ppb, int64_t off_ppb, struct buf *out)
{
	if (off_ppb >= 1000)
		buf_addf(out, "%+" PRId64 " +- %" PRId64 " ppm",
		    (int64_t)(ppb / 1000), (off_ppb + 999) / 1000);
	else
		buf_addf(out, "%s%" PRId64 ".%03" PRId64 " +- 0.%03" PRId64
		    " ppm", ppb < 0 ? "-" : "+", (int64_t)llabs(ppb) / 1000,
		    (int64_t)llabs(ppb) % 1000, off_ppb);
}

static void
add_pace(const struct check_pace *p, struct buf *out)
{
	if (!p->measured)
		return;
	buf_adds(out, "  arrival  clock ");
	add_ppm(p->ppb, p->off_ppb, out);
	buf_addf(out, ", spread %" PRId64 " ms, longest silence %" PRId64
	    " ms\n", p->spread_ns / 1000000, p->silence_ns / 1000000);
}

static void
add_all_measures(const struct check_report *r, struct buf *out)
{
	buf_addf(out, "\nMeasures (steps in ticks of 90 kHz)\n  0x0000  "
	    "%" PRIu64 " PAT%s, at most %" PRId64 " ms apart, %" PRIu64
	    " change%s\n", r->pats, plural(r->pats),
	    MS_27(r->pat_max_gap), r->pat_changes, plural(r->pat_changes));
	for (size_t i = 0; i < r->nstreams; i++)
		add_measures(r->streams[i], out);
	for (size_t i = 0; i < r->nprogrammes; i++) {
		const struct check_programme *g = &r->programmes[i];

		if (!g->av)
			continue;
		buf_addf(out, "  programme %u: sound begins ", g->number);
		add_tenths(out, TENTHS(g->av_start));
		buf_adds(out, " ms after the picture and ends ");
		add_tenths(out, TENTHS(g->av_end));
		buf_adds(out, " ms after its last begins\n");
	}
	add_pace(&r->pace, out);
}

static void
add_value(enum check_unit unit, int64_t v, struct buf *out)
{
	switch (unit) {
	case CHECK_UNIT_NONE:
		break;
	case CHECK_UNIT_US:
		if (v == 0)
			break;
		buf_adds(out, ": ");
		add_tenths(out, v / 100);
		buf_adds(out, " ms");
		break;
	case CHECK_UNIT_NS:
		buf_addf(out, ": %" PRId64 " ns", v);
		break;
	case CHECK_UNIT_BYTES:
		buf_addf(out, ": %" PRId64 " bytes", v);
		break;
	case CHECK_UNIT_PACKETS:
		if (v != 0)
			buf_addf(out, ": %" PRId64 " missing", v);
		break;
	case CHECK_UNIT_TABLE:
		if (v >= 0)
			buf_addf(out, ": table 0x%02x", (unsigned)v);
		break;
	}
}

static void
add_place(const struct check_fault *f, const struct check_place *p,
    struct buf *out)
{
	buf_addf(out, "    byte %" PRIu64 ", packet %" PRIu64, p->pos,
	    p->packet);
	if (p->time != CHECK_NO_TIME)
		buf_addf(out, ", %" PRId64 ".%03" PRId64 " s",
		    p->time / PCR_HZ, MS_27(p->time) % 1000);
	add_value(check_kind_info(f->kind)->unit, p->value, out);
	buf_adds(out, "\n");
}

static void
add_fault(const struct check_fault *f, struct buf *out)
{
	const struct check_kind_info *i = check_kind_info(f->kind);
	size_t n = f->nplaces;

	if (!f->fault && n > NOTE_PLACES)
		n = NOTE_PLACES;
	buf_addf(out, "  %s: %s", f->fault ? "FAULT" : "note", i->name);
	if (f->pid != CHECK_NO_PID)
		buf_addf(out, ", PID 0x%04x", f->pid);
	buf_addf(out, ", %" PRIu64 " time%s: %s\n", f->count,
	    plural(f->count), i->text);
	for (size_t k = 0; k < n; k++) {
		if (k == CHECK_PLACES && f->count > f->nplaces)
			buf_addf(out, "    ... %" PRIu64 " more ...\n",
			    f->count - f->nplaces);
		add_place(f, &f->places[k], out);
	}
}

void
ctl_check_text(const struct check_report *r, const char *source,
    struct buf *out)
{
	add_summary(r, source, out);
	for (size_t i = 0; i < r->nprogrammes; i++)
		add_programme(r, &r->programmes[i], out);
	add_others(r, out);
	add_verdicts(r, out);
	add_all_measures(r, out);
	if (r->nfaults != 0)
		buf_adds(out, "\nPlaces\n");
	for (size_t i = 0; i < r->nfaults; i++)
		add_fault(&r->faults[i], out);
}
