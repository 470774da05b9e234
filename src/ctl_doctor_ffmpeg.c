#include "ctl_doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arith.h"
#include "base/lastwords.h"
#include "base/xmem.h"
#include "media/ffcaps.h"
#include "media/mono.h"
#include "media/run.h"

#define PART		"ffmpeg"
#define TIMEOUT_MS	10000
#define LIST_MAX	(1 << 20)
#define TRIAL_MS	3000		/* for each house format */
#define TRIAL_S		20		/* of pictures at most */
#define TRIAL_MAX	(256u << 20)	/* bytes */
#define WORDS_MAX	200
#define TS_PACKET	188
#define TS_VIDEO	0x100		/* ffmpeg's first PID */

/* What every child needs of ffmpeg. */
static const struct {
	const char *list, *what;
	const char *names[32];
} needed[] = {
	{ "-encoders", "encoders", { "libx264", "aac" } },
	{ "-muxers", "muxers", { "mpegts" } },
	{ "-filters", "filters", { "scale", "pad", "setsar", "yadif", "fps",
	    "settb", "setpts", "tpad", "trim", "format", "aresample",
	    "aformat", "apad", "atrim", "asetpts", "afade", "color",
	    "anullsrc", "drawbox", "volume", "ebur128", "silencedetect",
	    "blackdetect" } },
};

static bool
run(const struct doctor *d, const char *const *argv, struct run_job *r)
{
	*r = (struct run_job){
		.argv = argv, .shim = d->shim, .timeout_ms = TIMEOUT_MS,
		.max_out = LIST_MAX,
	};
	run_program(r);
	return r->end == RUN_EXITED && WIFEXITED(r->status) &&
	    WEXITSTATUS(r->status) == 0;
}

static void
run_fini(struct run_job *r)
{
	buf_fini(&r->out);
	buf_fini(&r->err);
}

static void
say_failure(struct doctor *d, const char *name, const char *program,
    struct run_job *r)
{
	char *words = last_words(buf_str(&r->err), WORDS_MAX);

	doctor_say(d, PART, name, DOCTOR_BAD, "%s: %s", program,
	    r->end == RUN_NOT_STARTED ? strerror(r->error) :
	    *words != '\0' ? words : "does not run");
	free(words);
}

/* "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) ..." */
static bool
check_version(struct doctor *d, const char *name, const char *program)
{
	const char *const argv[] = { program, "-version", NULL };
	struct run_job r;
	bool good = run(d, argv, &r);
	const char *text = buf_str(&r.out);
	const char *end = strstr(text, " Copyright");

	if (good)
		doctor_say(d, PART, name, DOCTOR_GOOD, "%.*s (%s)",
		    (int)(end != NULL ? (size_t)(end - text) :
		    strcspn(text, "\n")), text, program);
	else
		say_failure(d, name, program, &r);
	run_fini(&r);
	return good;
}

static void
check_list(struct doctor *d, size_t i)
{
	const char *const argv[] = { d->cfg->station->ffmpeg.ffmpeg,
	    "-hide_banner", needed[i].list, NULL };
	struct buf missing = { 0 };
	struct run_job r;

	if (!run(d, argv, &r))
		buf_adds(&missing, " any");
	for (size_t k = 0; missing.len == 0 && needed[i].names[k] != NULL;
	    k++)
		if (!ffcaps_has(buf_str(&r.out), needed[i].names[k]))
			buf_addf(&missing, " %s", needed[i].names[k]);
	if (missing.len != 0)
		doctor_say(d, PART, needed[i].what, DOCTOR_BAD, "ffmpeg lacks"
		    "%s", buf_str(&missing));
	else
		doctor_say(d, PART, needed[i].what, DOCTOR_GOOD, "all that "
		    "are needed");
	buf_fini(&missing);
	run_fini(&r);
}

/* Those of the channels' sound, which not every build has. */
static void
check_sound(struct doctor *d)
{
	const char *const argv[] = { d->cfg->station->ffmpeg.ffmpeg,
	    "-hide_banner", "-encoders", NULL };
	struct run_job r;

	(void)run(d, argv, &r);
	for (size_t i = 0; i < d->cfg->nchans; i++) {
		const struct chan *c = d->cfg->chans[i];
		const char *codec = format_codec_name(c->format.audio_codec);

		if (!ffcaps_has(buf_str(&r.out), codec))
			doctor_say(d, PART, "sound", DOCTOR_BAD, "ffmpeg lacks "
			    "%s, which channel %s is to have", codec,
			    c->number);
	}
	run_fini(&r);
}

static void
check_caps(struct doctor *d)
{
	ffcaps_find(d->cfg->station->ffmpeg.ffmpeg, d->shim, NULL, &d->caps);
	if (d->caps.font != NULL)
		doctor_say(d, PART, "titles", DOCTOR_GOOD, "drawtext, with %s",
		    d->caps.font);
	else
		doctor_say(d, PART, "titles", DOCTOR_NOTE, "no drawtext, or no "
		    "font that a child may read: cards have no title");
	if (d->caps.tonemap)
		doctor_say(d, PART, "hdr", DOCTOR_GOOD, "zscale and tonemap");
	else
		doctor_say(d, PART, "hdr", DOCTOR_NOTE, "no zscale or no "
		    "tonemap: HDR films will look pale");
}

void
doctor_ffmpeg(struct doctor *d)
{
	const struct station_ffmpeg *f = &d->cfg->station->ffmpeg;

	d->has_ffmpeg = check_version(d, "ffmpeg", f->ffmpeg);
	(void)check_version(d, "ffprobe", f->ffprobe);
	if (!d->has_ffmpeg)
		return;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		check_list(d, i);
	check_sound(d);
	check_caps(d);
	d->caps.preset = f->preset;
	d->caps.threads = f->threads;
}

/* ---- how fast */

/* Access units of pictures begun in what ffmpeg wrote. */
static int64_t
count_pictures(const struct buf *b)
{
	int64_t n = 0;

	for (size_t at = 0; at + TS_PACKET <= b->len; at += TS_PACKET) {
		const uint8_t *p = b->data + at;

		n += p[0] == 0x47 && (p[1] & 0x40) != 0 &&
		    ((p[1] & 0x1f) << 8 | p[2]) == TS_VIDEO;
	}
	return n;
}

/* Hundredths of real time, or -1 where it failed. */
static int64_t
trial(struct doctor *d, const struct format *f)
{
	char **argv = argv_trial(d->cfg->station->ffmpeg.ffmpeg, &d->caps, f,
	    TRIAL_S);
	struct run_job r = {
		.argv = (const char *const *)argv, .shim = d->shim,
		.timeout_ms = TRIAL_MS, .max_out = TRIAL_MAX,
	};
	int64_t began = mono_ms(), ms, n;

	run_program(&r);
	ms = mono_ms() - began;
	n = count_pictures(&r.out);
	if (r.end == RUN_NOT_STARTED || n == 0 || ms <= 0)
		say_failure(d, "speed", argv[0], &r);
	run_fini(&r);
	argv_free(argv);
	return n > 0 && ms > 0 ? muldiv_floor(n * 100 * f->rate.den, 1000,
	    f->rate.num * ms) : -1;
}

static void
say_speed(struct doctor *d, const struct format *f, int64_t speed, size_t n)
{
	doctor_say(d, "speed", "encoding", speed < 100 ? DOCTOR_BAD :
	    speed < 100 * (int64_t)n ? DOCTOR_NOTE : DOCTOR_GOOD, "%dx%d at "
	    "%.2f pictures/s: %d.%02d times real time; %zu channel%s, all on "
	    "the air would take %d %% of this machine", f->width, f->height,
	    (double)f->rate.num / (double)f->rate.den, (int)(speed / 100),
	    (int)(speed % 100), n, n == 1 ? " has it" : "s have it",
	    (int)((int64_t)n * 10000 / (speed != 0 ? speed : 1)));
}

static size_t
count_users(const struct doctor *d, size_t i, bool *first)
{
	size_t n = 0;

	*first = true;
	for (size_t k = 0; k < d->cfg->nchans; k++) {
		bool same = format_equal(&d->cfg->chans[k]->format,
		    &d->cfg->chans[i]->format);

		n += same;
		*first = *first && (!same || k >= i);
	}
	return n;
}

void
doctor_speed(struct doctor *d)
{
	if (!d->has_ffmpeg)
		return;
	for (size_t i = 0; i < d->cfg->nchans; i++) {
		const struct format *f = &d->cfg->chans[i]->format;
		bool first;
		size_t n = count_users(d, i, &first);
		int64_t speed = first ? trial(d, f) : -1;

		if (speed >= 0)
			say_speed(d, f, speed, n);
	}
}
