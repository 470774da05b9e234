#include "ctl_check.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arith.h"
#include "ctl_read.h"
#include "ts/grid.h"

#define URL_SECONDS	30
#define SLICE		188	/* bytes between two looks at the clock */
#define SECONDS_MAX	(366 * 86400)

struct options {
	const char *source;
	int64_t seconds;	/* -1: not given; 0: no end */
	bool json, quiet;
};

struct reading {
	const struct options *o;
	struct check *check;
	bool progress;
	int64_t told;		/* second of the last progress line */
};

static int
seconds_parse(const char *text, int64_t *seconds)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < 0 ||
	    n > SECONDS_MAX) {
		fprintf(stderr, "retrovuectl: check: no number of seconds: "
		    "'%s'\n", text);
		return -1;
	}
	*seconds = n;
	return 0;
}

/* 0, or what ctl_check() returns. */
static int
options_parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "seconds", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	optind = 0;		/* anew: getopt(3) has been used before */
	while ((opt = getopt_long(argc, argv, "hq", longs, NULL)) != -1) {
		if (opt == 'h')
			return CTL_CHECK_HELP;
		else if (opt == 'j')
			o->json = true;
		else if (opt == 'q')
			o->quiet = true;
		else if (opt != 't' || seconds_parse(optarg, &o->seconds) < 0)
			return CTL_CHECK_USAGE;
	}
	if (argc - optind != 1) {
		fprintf(stderr, "retrovuectl: check: one FILE or URL, not "
		    "%d\n", argc - optind);
		return CTL_CHECK_USAGE;
	}
	o->source = argv[optind];
	if (o->seconds < 0)
		o->seconds = ctl_read_is_url(o->source) ? URL_SECONDS : 0;
	return 0;
}

static void
progress_tell(struct reading *x)
{
	const struct check_report *r = check_sofar(x->check);
	int64_t s = r->duration / PCR_HZ;

	if (!x->progress || s == x->told)
		return;
	x->told = s;
	fprintf(stderr, "\r%" PRId64 " s of stream, %" PRIu64 " packets ", s,
	    r->packets);
}

static bool
on_bytes(void *ctx, const uint8_t *data, size_t len, int64_t arrival_ns)
{
	struct reading *x = ctx;
	int64_t limit = x->o->seconds * PCR_HZ;
	size_t n;

	if (arrival_ns >= 0 || limit == 0) {
		check_feed(x->check, data, len, arrival_ns);
		len = 0;
	}
	/* A file's seconds are the stream's own. */
	while (len != 0 && check_sofar(x->check)->duration < limit) {
		n = len < SLICE ? len : SLICE;
		check_feed(x->check, data, n, arrival_ns);
		data += n;
		len -= n;
	}
	progress_tell(x);
	return len == 0;
}

static int
print_report(const struct options *o, const struct check_report *r)
{
	struct buf out = { 0 };
	int rc = r->total_faults != 0 ? CTL_CHECK_FAULTS : CTL_CHECK_CLEAN;

	if (o->json && !o->quiet)
		ctl_check_json(r, o->source, &out);
	else if (!o->quiet)
		ctl_check_text(r, o->source, &out);
	if (out.len != 0)
		fwrite(out.data, 1, out.len, stdout);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("retrovuectl: cannot write");
		rc = CTL_CHECK_FAULTS;
	}
	buf_fini(&out);
	return rc;
}

static void
complain(const struct options *o, const char *why)
{
	fprintf(stderr, "retrovuectl: check: %s: %s\n", o->source, why);
}

static int
judge(const struct options *o, const struct check_report *r)
{
	if (r->packets != 0)
		return print_report(o, r);
	if (r->bytes == 0)
		complain(o, "it is empty");
	else
		complain(o, "it is no MPEG transport stream: no packets of "
		    "188, 192 or 204 bytes that begin with 0x47");
	return CTL_CHECK_UNREAD;
}

int
ctl_check(int argc, char **argv, bool json)
{
	struct options o = { .seconds = -1, .json = json };
	struct reading x = { .o = &o, .told = -1 };
	struct buf why = { 0 };
	int rc, read;

	/* argv[-1] is the verb itself, which getopt(3) passes over. */
	if ((rc = options_parse(&o, argc + 1, argv - 1)) < 0)
		return rc;
	x.check = check_new();
	x.progress = !o.quiet && isatty(STDERR_FILENO);
	read = ctl_read(o.source, o.seconds, on_bytes, &x, &why);
	if (x.progress)
		fputs("\r\033[K", stderr);
	if (why.len != 0 && (read == CTL_READ_NONE || !o.quiet))
		complain(&o, buf_str(&why));
	rc = read == CTL_READ_NONE ? CTL_CHECK_UNREAD :
	    judge(&o, check_end(x.check));
	if (rc == CTL_CHECK_CLEAN && read == CTL_READ_CUT)
		rc = CTL_CHECK_FAULTS;
	check_free(x.check);
	buf_fini(&why);
	return rc;
}
