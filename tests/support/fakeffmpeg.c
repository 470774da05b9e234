/* fakeffmpeg.c - stands in for ffmpeg and ffprobe where a test wants a child
 * that is quick, cheap, and fails to order.
 *
 * Installed as `ffmpeg` it writes the transport stream that its command line
 * asks for (see fakechild.h).  How it misbehaves is said by FAKE_FFMPEG in the
 * environment and by the file ASSET.fake beside the asset, which counts more:
 * words, separated by spaces or newlines, each KEY or KEY=NUMBER.  A station
 * of fakes has ffmpeg.sandbox off, which would take most of that away.
 *
 *	die=N		end by SIGKILL after N bytes (frame=N: N pictures)
 *	cut=N		end with exit code 0 after N bytes
 *	early=N		end properly after N pictures
 *	late		never end: pictures without end
 *	mute=N		after N bytes say nothing more, and stay
 *	close=N		after N bytes close standard output, and stay
 *	garbage=N	after N bytes write 100,000 bytes of noise, then go on
 *	speed=N		at most N percent of real time
 *	delay=N		wait N ms before the first byte
 *	exit=N		exit code at the end, or at once if nothing else is said
 *	cc=N		a continuity error at picture N
 *	pcr=N		the PCR jumps by an hour at picture N
 *	stderr=N	write N bytes to standard error first
 *	pipe=N		let no more than N bytes stand in the output's pipe
 *	ignore_term	ignore SIGTERM
 *	fork		a grandchild holds standard output when it has ended
 *	empty		end at once, with exit code 0 and no byte
 *	full		access units as large as the bit rate says
 *	once		remove ASSET.fake: the next child does as it should
 *
 * An asset that cannot be opened, or is empty, it cannot play either; it reads
 * nothing of it.  As `ffprobe` it knows a file's duration from its name: x.90s.mkv lasts 90
 * seconds, x.1500ms.mkv 1.5, any other 10; x.noaudio.mkv, x.novideo.mkv. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "fakechild.h"

#define NEVER		INT64_MAX
#define CHUNK		65536		/* bytes per write */
#define NOISE		100000
#define ORPHAN_S	60		/* a grandchild lives no longer */
#define SIDECAR_MAX	1000

#define KEYS(X)								\
	X(die) X(frame) X(cut) X(early) X(late) X(mute) X(close)	\
	X(garbage) X(speed) X(delay) X(exit) X(cc) X(pcr) X(stderr)	\
	X(pipe)								\
	X(ignore_term) X(fork) X(empty) X(full) X(once)

enum key {
#define X(name) KEY_##name,
	KEYS(X)
#undef X
	NKEYS
};

static const char *const names[] = {
#define X(name) [KEY_##name] = #name,
	KEYS(X)
#undef X
};

struct fake {
	int64_t at[NKEYS];	/* NEVER: not said */
	struct fakechild_plan plan;
	struct fakechild *child;
	struct buf out;
	int64_t written;
	int64_t start_ns;
};

static void
word_take(struct fake *f, const char *word)
{
	size_t n = strcspn(word, "=");

	for (int k = 0; k < NKEYS; k++)
		if (strlen(names[k]) == n && strncmp(names[k], word, n) == 0) {
			f->at[k] = word[n] == '=' ?
			    strtoll(word + n + 1, NULL, 10) : 1;
			return;
		}
	fprintf(stderr, "fake ffmpeg: %s is unknown\n", word);
	exit(64);
}

static void
words_take(struct fake *f, const char *text)
{
	char *copy = xstrdup(text), *at = copy, *word;

	while ((word = strsep(&at, " \n")) != NULL)
		if (*word != '\0')
			word_take(f, word);
	free(copy);
}

static void
faults_read(struct fake *f)
{
	const char *env = getenv("FAKE_FFMPEG");
	char text[SIDECAR_MAX + 1], *path;
	ssize_t n;
	int fd;

	for (int k = 0; k < NKEYS; k++)
		f->at[k] = NEVER;
	if (env != NULL)
		words_take(f, env);
	if (f->plan.path == NULL)
		return;
	path = xasprintf("%s.fake", f->plan.path);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0) {
		if ((n = read(fd, text, SIDECAR_MAX)) >= 0) {
			text[n] = '\0';
			words_take(f, text);
		}
		close(fd);
		if (f->at[KEY_once] != NEVER)
			unlink(path);
	}
	free(path);
}

static bool
said(const struct fake *f, enum key k)
{
	return f->at[k] != NEVER;
}

static int64_t
monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void
wait_ns(int64_t ns)
{
	struct timespec t = { ns / NS_PER_S, ns % NS_PER_S };

	while (ns > 0 && nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static _Noreturn void
stay(void)
{
	for (;;)
		pause();
}

static void
write_all(const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			exit(1);
		p += k;
		n -= (size_t)k;
	}
}

static void
noise_write(void)
{
	uint64_t x = 1;
	uint8_t *noise = xmalloc(NOISE);

	for (size_t i = 0; i < NOISE; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
		noise[i] = (uint8_t)(x >> 56);
	}
	write_all(noise, NOISE);
	free(noise);
}

/* The byte count at which something happens has been reached. */
static void
fault_do(struct fake *f, enum key k)
{
	f->at[k] = NEVER;
	switch (k) {
	case KEY_die:
		raise(SIGKILL);
		break;
	case KEY_cut:
		_exit(0);
	case KEY_mute:
		stay();
	case KEY_close:
		close(STDOUT_FILENO);
		stay();
	case KEY_garbage:
		noise_write();
		break;
	default:
		break;
	}
}

/* Write what there is, stopping to the byte where a fault is due. */
static void
flush(struct fake *f)
{
	static const enum key faults[] = { KEY_die, KEY_cut, KEY_mute,
	    KEY_close, KEY_garbage };
	size_t done = 0;

	while (done < f->out.len) {
		int64_t left = (int64_t)(f->out.len - done), n = left;
		enum key due = NKEYS;

		for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
			if (f->at[faults[i]] - f->written <= n) {
				due = faults[i];
				n = f->at[due] - f->written;
			}
		write_all(f->out.data + done, (size_t)n);
		done += (size_t)n;
		f->written += n;
		if (due != NKEYS)
			fault_do(f, due);
	}
	buf_reset(&f->out);
}

/* Not before picture i is due at the speed ordered. */
static void
pace(struct fake *f, int64_t i)
{
	int64_t due = muldiv_floor(i, f->plan.den * NS_PER_S, f->plan.num);

	if (!said(f, KEY_speed))
		return;
	flush(f);
	due = f->start_ns + muldiv_floor(due, 100, f->at[KEY_speed]);
	wait_ns(due - monotonic());
}

static void
pictures_write(struct fake *f)
{
	int64_t i = 0;

	while (fakechild_next(f->child, &f->out)) {
		i++;
		if (i == f->at[KEY_frame]) {
			flush(f);
			fault_do(f, KEY_die);
		}
		if (i == f->at[KEY_early])
			break;
		if (i == f->at[KEY_cc])
			fakechild_skip_cc(f->child);
		if (i == f->at[KEY_pcr])
			fakechild_jump_pcr(f->child, 3600);
		if (f->out.len >= CHUNK)
			flush(f);
		pace(f, i);
	}
	flush(f);
}

static void
stderr_flood(int64_t n)
{
	static const char line[] = "[h264 @ 0x5555] error while decoding MB\n";

	for (; n > 0; n -= (int64_t)sizeof line - 1)
		fputs(line, stderr);
}

static void
prepare(struct fake *f)
{
	if (said(f, KEY_ignore_term))
		signal(SIGTERM, SIG_IGN);
	if (said(f, KEY_pipe))
		fcntl(STDOUT_FILENO, F_SETPIPE_SZ, (int)f->at[KEY_pipe]);
	if (said(f, KEY_stderr))
		stderr_flood(f->at[KEY_stderr]);
	if (said(f, KEY_fork) && fork() == 0) {
		close(STDERR_FILENO);
		alarm(ORPHAN_S);
		stay();
	}
	if (said(f, KEY_delay))
		wait_ns(f->at[KEY_delay] * 1000000);
	if (said(f, KEY_full))
		fakechild_full_size(&f->plan);
	if (said(f, KEY_late))
		f->plan.pictures = f->plan.samples = INT64_MAX / 2;
	f->plan.process = (uint32_t)getpid();
	f->start_ns = monotonic();
}

/* NULL, or what is wrong with it, as ffmpeg would say it.  Whoever opens a
 * FIFO waits; so does ffmpeg. */
static const char *
asset_check(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, &byte, 1) : -1;
	const char *why = n < 0 ? strerror(errno) : n == 0 ?
	    "Invalid data found when processing input" : NULL;

	if (fd >= 0)
		close(fd);
	return why;
}

static int
ffmpeg(char **argv)
{
	struct fake f = { 0 };
	const char *why = fakechild_parse(argv, &f.plan);

	if (why != NULL) {
		fprintf(stderr, "fake ffmpeg: %s\n", why);
		return 1;
	}
	faults_read(&f);
	prepare(&f);
	if (f.plan.path != NULL && (why = asset_check(f.plan.path)) != NULL) {
		fprintf(stderr, "%s: %s\n", f.plan.path, why);
		return 1;
	}
	if (said(&f, KEY_empty))
		return 0;
	if (said(&f, KEY_exit) && !said(&f, KEY_early) && !said(&f, KEY_frame))
		return (int)f.at[KEY_exit];
	f.child = fakechild_new(&f.plan);
	pictures_write(&f);
	fakechild_free(f.child);
	buf_fini(&f.out);
	return said(&f, KEY_exit) ? (int)f.at[KEY_exit] : 0;
}

/* ---- ffprobe */

/* The number before `unit` that stands between two dots, or -1. */
static int64_t
name_number(const char *name, const char *unit)
{
	char *end;

	for (; (name = strchr(name, '.')) != NULL;) {
		int64_t n = strtoll(++name, &end, 10);
		size_t len = strlen(unit);

		if (end != name && strncmp(end, unit, len) == 0 &&
		    end[len] == '.')
			return n;
	}
	return -1;
}

static int
ffprobe(const char *path)
{
	const char *name = strrchr(path, '/');
	const char *why;
	int64_t ms, s;

	if (strncmp(path, "file:", 5) == 0)
		path += 5;
	why = asset_check(path);
	if (why != NULL) {
		fprintf(stderr, "%s: %s\n", path, why);
		return 1;
	}
	name = name != NULL ? name + 1 : path;
	s = name_number(name, "s");
	ms = name_number(name, "ms");
	if (ms < 0)
		ms = s >= 0 ? s * 1000 : 10000;
	printf("{ \"programs\": [], \"chapters\": [], \"streams\": [");
	if (strstr(name, ".novideo.") == NULL)
		printf("{ \"index\": 0, \"codec_name\": \"h264\", "
		    "\"codec_type\": \"video\", \"width\": 320, \"height\": "
		    "180, \"pix_fmt\": \"yuv420p\", \"disposition\": "
		    "{ \"default\": 1, \"attached_pic\": 0 } }%s",
		    strstr(name, ".noaudio.") == NULL ? ", " : "");
	if (strstr(name, ".noaudio.") == NULL)
		printf("{ \"index\": 1, \"codec_name\": \"aac\", "
		    "\"codec_type\": \"audio\", \"sample_rate\": \"48000\", "
		    "\"channels\": 2, \"channel_layout\": \"stereo\", "
		    "\"disposition\": { \"default\": 1, \"attached_pic\": 0 "
		    "} }");
	printf("], \"format\": { \"format_name\": \"matroska,webm\", "
	    "\"duration\": \"%" PRId64 ".%03" PRId64 "000\" } }\n", ms / 1000,
	    ms % 1000);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *self = strrchr(argv[0], '/');
	size_t last = argc > 0 ? (size_t)argc - 1 : 0;

	self = self != NULL ? self + 1 : argv[0];
	if (strcmp(self, "ffprobe") == 0)
		return ffprobe(argv[last]);
	return ffmpeg(argv);
}
