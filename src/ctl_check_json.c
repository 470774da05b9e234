#include "ctl_check.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ts/grid.h"

#define US_27(t)	((t) / (PCR_HZ / 1000000))
#define US_90(t)	((t) * 100 / 9)

static void
put(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static void
put_int(json_t *o, const char *key, int64_t v)
{
	put(o, key, json_integer(v));
}

static void
put_count(json_t *o, const char *key, uint64_t v)
{
	put(o, key, json_integer((json_int_t)v));
}

static void
put_text(json_t *o, const char *key, const char *s)
{
	json_t *v = json_string(s);

	/* A file's name need not be UTF-8. */
	put(o, key, v != NULL ? v : json_null());
}

/* {"3600": 749}, as in order of their coming up. */
static void
put_hist(json_t *o, const char *key, const struct check_hist *h)
{
	json_t *v = json_object();
	char ticks[24];

	for (size_t i = 0; i < h->n; i++) {
		snprintf(ticks, sizeof ticks, "%lld",
		    (long long)h->deltas[i].ticks);
		put_count(v, ticks, h->deltas[i].n);
	}
	if (h->other != 0)
		put_count(v, "other", h->other);
	put(o, key, v);
}

/* null where nothing was measured. */
static void
put_span(json_t *o, const char *key, const struct check_span *s, bool ticks)
{
	json_t *v = json_null();

	if (s->n != 0) {
		v = json_object();
		put_int(v, "min", ticks ? US_90(s->min) : s->min);
		put_int(v, "max", ticks ? US_90(s->max) : s->max);
	}
	put(o, key, v);
}

static json_t *
pcr_json(const struct check_report *r, const struct check_pcr *m)
{
	json_t *o = json_object();

	put_count(o, "n", m->n);
	put_int(o, "max_gap_us", US_27(m->max_gap));
	put_int(o, "first", m->first);
	put_count(o, "back", m->back);
	put_count(o, "jumps_over_1s", m->jumps);
	if (r->accuracy)
		put_int(o, "max_error_ns", m->max_error_ns);
	return o;
}

static void
put_pes(json_t *o, const struct check_stream *m)
{
	put_count(o, "pes", m->pes);
	put_count(o, "pes_without_pts", m->pes_without_pts);
	if (m->pes == m->pes_without_pts)
		return;
	put_int(o, "first_pts", m->first_pts);
	put_int(o, "pts_span_us", US_90(m->pts_span));
	put_hist(o, "dts_deltas", &m->dts_deltas);
	if (m->class == CHECK_VIDEO)
		put_hist(o, "pts_deltas", &m->pts_deltas);
	put_span(o, "decoder_delay_us", &m->delay, true);
}

static json_t *
stream_json(const struct check_report *r, const struct check_stream *m)
{
	json_t *o = json_object();
	int64_t ms = r->duration / (PCR_HZ / 1000);

	put_int(o, "pid", m->pid);
	put_int(o, "programme", m->programme);
	put_text(o, "class", ctl_check_class(m->class));
	put_int(o, "type", m->type);
	put_text(o, "codec", m->codec);
	put_text(o, "language", m->language);
	put_count(o, "packets", m->packets);
	put_int(o, "bits_per_s", ms == 0 ? 0 :
	    (int64_t)m->packets * 188 * 8 * 1000 / ms);
	put_count(o, "cc_errors", m->cc_errors);
	put_count(o, "duplicates", m->duplicates);
	put_count(o, "discontinuity_flags", m->discontinuities);
	put_count(o, "random_access_flags", m->random_access);
	put_count(o, "scrambled", m->scrambled);
	if (m->pes != 0)
		put_pes(o, m);
	if (m->keys != 0) {
		put_count(o, "key_frames", m->keys);
		put_span(o, "key_pictures", &m->key_pictures, false);
		put_span(o, "key_us", &m->key_ticks, true);
	}
	if (m->frames != 0) {
		put_count(o, "audio_frames", m->frames);
		put_int(o, "sample_rate", m->sample_rate);
		put_int(o, "drift_us", US_90(m->drift));
	}
	if (m->pcr.n != 0)
		put(o, "pcr", pcr_json(r, &m->pcr));
	return o;
}

static json_t *
programme_json(const struct check_programme *g)
{
	json_t *o = json_object();

	put_int(o, "number", g->number);
	put_text(o, "name", g->name);
	put_text(o, "provider", g->provider);
	put_int(o, "pmt_pid", g->pmt_pid);
	put_int(o, "pcr_pid", g->pcr_pid);
	put_count(o, "pmts", g->pmts);
	put_int(o, "pmt_max_gap_us", US_27(g->pmt_max_gap));
	put_count(o, "pmt_changes", g->pmt_changes);
	if (g->has_eit) {
		put_text(o, "now", g->now);
		put_text(o, "next", g->next);
	}
	if (g->av) {
		put_int(o, "av_start_us", US_90(g->av_start));
		put_int(o, "av_end_us", US_90(g->av_end));
	}
	return o;
}

static const char *
unit_name(enum check_unit unit)
{
	static const char *const names[] = {
		[CHECK_UNIT_NONE] = "",
		[CHECK_UNIT_US] = "us",
		[CHECK_UNIT_NS] = "ns",
		[CHECK_UNIT_BYTES] = "bytes",
		[CHECK_UNIT_PACKETS] = "packets",
		[CHECK_UNIT_TABLE] = "table_id",
	};

	return names[unit];
}

static json_t *
place_json(const struct check_place *p, enum check_unit unit)
{
	json_t *o = json_object();

	put_count(o, "byte", p->pos);
	put_count(o, "packet", p->packet);
	put(o, "time_us", p->time == CHECK_NO_TIME ? json_null() :
	    json_integer(US_27(p->time)));
	if (unit != CHECK_UNIT_NONE)
		put_int(o, "value", p->value);
	return o;
}

static json_t *
fault_json(const struct check_fault *f)
{
	const struct check_kind_info *i = check_kind_info(f->kind);
	json_t *o = json_object(), *places = json_array();

	put_text(o, "name", i->name);
	put_text(o, "clause", i->clause);
	put_text(o, "level", f->fault ? "fault" : "note");
	put(o, "pid", f->pid == CHECK_NO_PID ? json_null() :
	    json_integer(f->pid));
	put_count(o, "count", f->count);
	put_text(o, "text", i->text);
	put_text(o, "unit", unit_name(i->unit));
	for (size_t k = 0; k < f->nplaces; k++)
		json_array_append_new(places,
		    place_json(&f->places[k], i->unit));
	put(o, "places", places);
	return o;
}

static json_t *
tables_json(const struct check_report *r)
{
	json_t *o = json_object();
	char id[8];

	for (unsigned i = 0; i < 256; i++)
		if (r->tables[i] != 0) {
			snprintf(id, sizeof id, "0x%02x", i);
			put_count(o, id, r->tables[i]);
		}
	return o;
}

static json_t *
pace_json(const struct check_pace *p)
{
	json_t *o;

	if (!p->measured)
		return json_null();
	o = json_object();
	put_int(o, "longest_silence_us", p->silence_ns / 1000);
	put_int(o, "spread_us", p->spread_ns / 1000);
	put_int(o, "clock_ppb", p->ppb);
	put_int(o, "clock_uncertainty_ppb", p->off_ppb);
	return o;
}

static void
put_lists(json_t *o, const struct check_report *r)
{
	json_t *programmes = json_array(), *streams = json_array();
	json_t *faults = json_array();

	for (size_t i = 0; i < r->nprogrammes; i++)
		json_array_append_new(programmes,
		    programme_json(&r->programmes[i]));
	for (size_t i = 0; i < r->nstreams; i++)
		json_array_append_new(streams,
		    stream_json(r, r->streams[i]));
	for (size_t i = 0; i < r->nfaults; i++)
		json_array_append_new(faults, fault_json(&r->faults[i]));
	put(o, "programmes", programmes);
	put(o, "streams", streams);
	put(o, "faults", faults);
}

void
ctl_check_json(const struct check_report *r, const char *source,
    struct buf *out)
{
	json_t *o = json_object();
	char *text;

	put_text(o, "source", source);
	put_count(o, "total_faults", r->total_faults);
	put_count(o, "total_notes", r->total_notes);
	put_count(o, "bytes", r->bytes);
	put_count(o, "packets", r->packets);
	put_count(o, "packet_size", r->packet_size);
	put_count(o, "nulls", r->nulls);
	put_count(o, "garbage", r->garbage);
	put_count(o, "tail", r->tail);
	put_int(o, "duration_us", US_27(r->duration));
	put_int(o, "transport_stream_id", r->ts_id);
	put_count(o, "pats", r->pats);
	put_int(o, "pat_max_gap_us", US_27(r->pat_max_gap));
	put_count(o, "pat_changes", r->pat_changes);
	put(o, "utc", r->utc == CHECK_NO_TIME ? json_null() :
	    json_integer(r->utc));
	put(o, "pcr_accuracy_measured", json_boolean(r->accuracy));
	put(o, "tables", tables_json(r));
	put(o, "pace", pace_json(&r->pace));
	put_lists(o, r);
	text = json_dumps(o, JSON_INDENT(1));
	buf_adds(out, text);
	buf_adds(out, "\n");
	free(text);
	json_decref(o);
}
