#include "io/metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <uv.h>

#include "base/length.h"
#include "base/version.h"
#include "base/xmem.h"
#include "io/logfile.h"

/* What is known of one channel at the moment of the question. */
struct sample {
	const struct chan *chan;
	struct rate rate;
	bool on_air, well;
	uint64_t viewers;	/* of HLS, too */
	struct relay_counts relay;
	struct tally tally;
	struct channel_counts counts;
};

static void
head_put(struct buf *out, const char *name, const char *type,
    const char *help)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
value_put(struct buf *out, const char *name, const char *type,
    const char *help, uint64_t value)
{
	head_put(out, name, type, help);
	buf_addf(out, "%s %" PRIu64 "\n", name, value);
}

/* A label's value: backslash, quote and newline are escaped. */
static void
label_put(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			buf_adds(out, "\\n");
			continue;
		}
		if (*value == '\\' || *value == '"')
			buf_adds(out, "\\");
		buf_add(out, value, 1);
	}
	buf_adds(out, "\"");
}

static void
channel_put(struct buf *out, const char *name, const struct sample *s)
{
	buf_addf(out, "%s{", name);
	label_put(out, "channel", s->chan->slug);
}

/* ---- One number a channel */

static uint64_t
on_air(const struct sample *s)
{
	return s->on_air;
}

static uint64_t
healthy(const struct sample *s)
{
	return s->well;
}

static uint64_t
viewers(const struct sample *s)
{
	return s->viewers;
}

static uint64_t
viewers_joined(const struct sample *s)
{
	return s->relay.joined;
}

static uint64_t
bytes_sent(const struct sample *s)
{
	return s->relay.bytes;
}

static uint64_t
bytes_aired(const struct sample *s)
{
	return s->tally.bytes;
}

static uint64_t
laps(const struct sample *s)
{
	return s->relay.laps;
}

static uint64_t
late(const struct sample *s)
{
	return s->counts.late;
}

static uint64_t
starts(const struct sample *s)
{
	return s->tally.starts;
}

static const struct {
	const char *name, *type, *help;
	uint64_t (*value)(const struct sample *s);
} numbers[] = {
	{ "retrovue_channel_on_air", "gauge",
	    "1 while the channel is on the air.", on_air },
	{ "retrovue_channel_healthy", "gauge",
	    "1 unless it cannot air, or should and no byte has come for two "
	    "seconds; 1 while the operator has it stopped.", healthy },
	{ "retrovue_viewers", "gauge", "Viewers connected.", viewers },
	{ "retrovue_viewers_joined_total", "counter",
	    "Viewers that have come.", viewers_joined },
	{ "retrovue_sent_bytes_total", "counter",
	    "Bytes of stream sent to viewers.", bytes_sent },
	{ "retrovue_stream_bytes_total", "counter",
	    "Bytes of stream made, viewers or not.", bytes_aired },
	{ "retrovue_ring_laps_total", "counter",
	    "Times a slow viewer fell out of the ring.", laps },
	{ "retrovue_late_pictures_total", "counter",
	    "Pictures that left more than a picture late.", late },
	{ "retrovue_child_starts_total", "counter", "Children started.",
	    starts },
};

static void
numbers_put(struct buf *out, const struct sample *s, size_t n)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		head_put(out, numbers[i].name, numbers[i].type,
		    numbers[i].help);
		for (size_t k = 0; k < n; k++) {
			channel_put(out, numbers[i].name, &s[k]);
			buf_addf(out, "} %" PRIu64 "\n",
			    numbers[i].value(&s[k]));
		}
	}
}

/* ---- Several numbers a channel */

static void
info_put(struct buf *out, const struct sample *s, size_t n)
{
	head_put(out, "retrovue_channel_info", "gauge",
	    "What a channel is called; always 1.");
	for (size_t k = 0; k < n; k++) {
		channel_put(out, "retrovue_channel_info", &s[k]);
		buf_adds(out, ",");
		label_put(out, "number", s[k].chan->number);
		buf_adds(out, ",");
		label_put(out, "name", s[k].chan->name);
		buf_addf(out, ",mode=\"%s\"} 1\n", s[k].chan->always ?
		    "always" : "on_demand");
	}
}

static void
speed_put(struct buf *out, const struct sample *s, size_t n)
{
	head_put(out, "retrovue_child_speed_ratio", "gauge",
	    "Speed of the child measured last, against real time; 0: none "
	    "yet.");
	for (size_t k = 0; k < n; k++) {
		channel_put(out, "retrovue_child_speed_ratio", &s[k]);
		buf_addf(out, "} %d.%02d\n", s[k].counts.speed / 100,
		    s[k].counts.speed % 100);
	}
}

static void
aired_line(struct buf *out, const struct sample *s, const char *source,
    int64_t slots)
{
	int64_t ms = rate_ticks(s->rate, slots, 1000);

	channel_put(out, "retrovue_aired_seconds_total", s);
	buf_addf(out, ",source=\"%s\"} %" PRId64 ".%03" PRId64 "\n", source,
	    ms / 1000, ms % 1000);
}

static void
aired_put(struct buf *out, const struct sample *s, size_t n)
{
	head_put(out, "retrovue_aired_seconds_total", "counter",
	    "Time on the air by what was shown: asset and pad as planned, "
	    "filler in place of what was, slate where nothing had come.");
	for (size_t k = 0; k < n; k++) {
		const struct channel_source *a = &s[k].tally.aired;

		aired_line(out, &s[k], "asset", a->asset);
		aired_line(out, &s[k], "pad", a->pad);
		aired_line(out, &s[k], "filler", a->filler);
		aired_line(out, &s[k], "slate", a->slate);
	}
}

static void
exits_put(struct buf *out, const struct sample *s, size_t n)
{
	head_put(out, "retrovue_child_exits_total", "counter",
	    "Ends of children by cause.");
	for (size_t k = 0; k < n; k++)
		for (int e = 0; e < TALLY_NEXITS; e++) {
			channel_put(out, "retrovue_child_exits_total", &s[k]);
			buf_addf(out, ",cause=\"%s\"} %" PRIu64 "\n",
			    tally_exit_name((enum tally_exit)e),
			    s[k].tally.exits[e]);
		}
}

static void
join_put(struct buf *out, const struct sample *s)
{
	const struct tally *t = &s->tally;
	int64_t us = t->join_ns / 1000;
	uint64_t sum = 0;

	for (size_t i = 0; i < TALLY_NJOINS; i++) {
		char bound[16];

		tally_join_bound(bound, i);
		sum += t->joins[i];
		channel_put(out, "retrovue_join_error_seconds_bucket", s);
		buf_addf(out, ",le=\"%s\"} %" PRIu64 "\n", bound, sum);
	}
	channel_put(out, "retrovue_join_error_seconds_sum", s);
	buf_addf(out, "} %" PRId64 ".%06" PRId64 "\n", us / US_PER_S,
	    us % US_PER_S);
	channel_put(out, "retrovue_join_error_seconds_count", s);
	buf_addf(out, "} %" PRIu64 "\n", sum);
}

static void
joins_put(struct buf *out, const struct sample *s, size_t n)
{
	head_put(out, "retrovue_join_error_seconds", "histogram",
	    "How late the first picture of a segment left; how often "
	    "segments were joined.");
	for (size_t k = 0; k < n; k++)
		join_put(out, &s[k]);
}

/* ---- The station */

static void
requests_put(struct buf *out, const struct routes *r)
{
	head_put(out, "retrovue_http_requests_total", "counter",
	    "Requests answered, by page and status.");
	for (size_t i = 0; i < r->n; i++)
		buf_addf(out, "retrovue_http_requests_total{route=\"%s%s\","
		    "code=\"%d\"} %" PRIu64 "\n", r->v[i].prefix,
		    r->v[i].name, r->v[i].status, r->v[i].n);
}

static void
station_put(struct buf *out, const struct pages *g)
{
	struct scan_counts c = loader_state(g->loader).counts;

	head_put(out, "retrovue_build_info", "gauge",
	    "Which version this is; always 1.");
	buf_adds(out, "retrovue_build_info{version=\"" RETROVUE_VERSION
	    "\"} 1\n");
	value_put(out, "retrovue_ready", "gauge",
	    "1 once there is a plan to air.", g->ready);
	value_put(out, "retrovue_channels", "gauge", "Channels there are.",
	    g->nfeeds);
	value_put(out, "retrovue_assets", "gauge", "Files in the library.",
	    c.assets);
	value_put(out, "retrovue_bad_assets", "gauge",
	    "Files in the library that cannot air.", c.bad);
	value_put(out, "retrovue_clock_steps_total", "counter",
	    "Times the house clock was set.", g->clock_steps);
	value_put(out, "retrovue_log_lines_lost_total", "counter",
	    "Lines of logs that could not be written.", logfile_lost());
	requests_put(out, &g->routes);
}

/* The process, under the names that all exporters give these. */

static uint64_t
fds_count(void)
{
	DIR *d = opendir("/proc/self/fd");
	uint64_t n = 0;

	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	/* But for ".", ".." and the directory itself. */
	return n > 3 ? n - 3 : 0;
}

static void
process_put(struct buf *out, const struct pages *g)
{
	struct timespec mono, utc;
	struct rlimit fds = { 0 };
	struct rusage u = { 0 };
	size_t rss = 0;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &utc);
	(void)getrlimit(RLIMIT_NOFILE, &fds);
	(void)getrusage(RUSAGE_SELF, &u);
	(void)uv_resident_set_memory(&rss);
	head_put(out, "process_cpu_seconds_total", "counter",
	    "Time on a CPU, children not counted.");
	buf_addf(out, "process_cpu_seconds_total %" PRId64 ".%06" PRId64 "\n",
	    (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / US_PER_S,
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) % US_PER_S);
	value_put(out, "process_resident_memory_bytes", "gauge",
	    "Memory in use.", rss);
	value_put(out, "process_open_fds", "gauge", "Open descriptors.",
	    fds_count());
	value_put(out, "process_max_fds", "gauge",
	    "Descriptors that may be open.", (uint64_t)fds.rlim_cur);
	value_put(out, "process_start_time_seconds", "gauge",
	    "When the daemon began, seconds since 1970.", (uint64_t)
	    (utc.tv_sec - (mono.tv_sec - g->started_ns / NS_PER_S)));
}

static struct sample
sample_take(struct feed *f)
{
	return (struct sample){
		.chan = feed_chan(f),
		.rate = feed_chan(f)->format.rate,
		.on_air = feed_on_air(f),
		.well = feed_fault(f) == NULL || feed_barred(f),
		.viewers = feed_viewers(f),
		.relay = relay_counts(feed_relay(f)),
		.tally = feed_tally(f),
		.counts = feed_counts(f),
	};
}

void
metrics_get(struct pages *g, const struct http_request *q,
    struct http_answer *a)
{
	struct sample *s = xcalloc(g->nfeeds + 1, sizeof *s);

	(void)q;
	for (size_t i = 0; i < g->nfeeds; i++)
		s[i] = sample_take(g->feeds[i]);
	a->status = 200;
	a->type = "text/plain; version=0.0.4; charset=utf-8";
	station_put(&a->body, g);
	info_put(&a->body, s, g->nfeeds);
	numbers_put(&a->body, s, g->nfeeds);
	aired_put(&a->body, s, g->nfeeds);
	joins_put(&a->body, s, g->nfeeds);
	speed_put(&a->body, s, g->nfeeds);
	exits_put(&a->body, s, g->nfeeds);
	process_put(&a->body, g);
	free(s);
}
