#include "media/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "air/argv.h"
#include "base/blame.h"
#include "base/lastwords.h"
#include "base/xmem.h"
#include "media/answer.h"
#include "media/files.h"
#include "media/mono.h"
#include "media/run.h"
#include "media/sniff.h"

#define TIMEOUT_MS	20000
#define LACK_MS		5000	/* until there are descriptors again */
#define AGAIN_MS	200
#define MAX_JSON	(4 << 20)	/* bytes */
#define MAX_REASON	200		/* bytes of ffprobe's own words */
#define SHORT_READ	(64 << 10)	/* bytes at either end */
#define DISK_ERROR	"Input/output error"

static const char *
why_not_regular(mode_t mode)
{
	if (S_ISDIR(mode))
		return "is a directory";
	if (S_ISFIFO(mode))
		return "is a FIFO, not a file";
	if (S_ISSOCK(mode))
		return "is a socket, not a file";
	return "is a device, not a file";
}

/* Why what is in the file is no media, or NULL. */
static const char *
check_bytes(int fd)
{
	uint8_t head[SNIFF_SIZE];
	ssize_t n;

	/* A file that is a hole throughout was laid out to be filled. */
	if (lseek(fd, 0, SEEK_DATA) < 0 && errno == ENXIO)
		return "holds nothing but zeros";
	n = pread(fd, head, sizeof head, 0);
	return n > 0 ? sniff(head, (size_t)n) : NULL;
}

/* Why path is not worth an ffprobe, or NULL; and how sure that is.  Its kind
 * is looked at before it is opened: opening a FIFO or a tape has effects. */
static const char *
check_file(const char *path, enum probe_answer *answer)
{
	const char *why;
	struct stat st;
	int fd;

	*answer = PROBE_UNSURE;
	if (stat(path, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return why_not_regular(st.st_mode);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		if (files_is_lack(errno))
			*answer = PROBE_UNASKED;
		return strerror(errno);
	}
	why = st.st_size == 0 ? "is empty" : check_bytes(fd);
	if (why != NULL)
		*answer = PROBE_SURE;
	close(fd);
	return why;
}

/* Matroska's word for a sudden end is that of a bad disk: true where both
 * ends of the file can be read, so that it is the file. */
static bool
is_readable(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes = xmalloc(SHORT_READ);
	bool ok = fd >= 0 && pread(fd, bytes, SHORT_READ, 0) > 0;
	off_t end = ok ? lseek(fd, 0, SEEK_END) : 0;

	if (end > SHORT_READ)
		ok = pread(fd, bytes, SHORT_READ, end - SHORT_READ) > 0;
	free(bytes);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* ffprobe exited with a failure: why, and is it the file's? */
static bool
take_failure(struct run_job *r, struct asset *a)
{
	char *words, *why;
	bool final, cut;

	if (strstr(buf_str(&r->err), "not on whitelist") != NULL) {
		answer_set_bad(a, "is in no format that airs");
		return true;
	}
	words = last_words(buf_str(&r->err), MAX_REASON);
	cut = strcmp(words, DISK_ERROR) == 0 && is_readable(a->path);
	final = cut || blame_words(words) == BLAME_FILE;
	if (WIFSIGNALED(r->status))
		why = xasprintf("ffprobe died of signal %d",
		    WTERMSIG(r->status));
	else if (cut)
		why = xstrdup("is cut off: it ends in the middle of its "
		    "header");
	else if (final)
		why = xasprintf("is no media file that can be read: %s",
		    words);
	else
		why = xasprintf("ffprobe: %s",
		    *words != '\0' ? words : "failed without a word");
	answer_set_bad(a, why);
	free(why);
	free(words);
	return final;
}

static enum probe_answer
take_answer(struct run_job *r, struct asset *a, struct chapters *c,
    struct facts *tags)
{
	char *why;

	switch (r->end) {
	case RUN_NOT_STARTED:
		why = xasprintf("cannot run %s: %s", r->argv[0],
		    strerror(r->error));
		answer_set_bad(a, why);
		free(why);
		return files_is_lack(r->error) ? PROBE_UNASKED : PROBE_UNSURE;
	case RUN_TIMEOUT:
		answer_set_bad(a, "ffprobe did not end within 20 s");
		return PROBE_UNSURE;
	case RUN_STOPPED:
		answer_set_bad(a, "not probed: stopped");
		return PROBE_UNSURE;
	case RUN_TOO_MUCH:
		answer_set_bad(a, "ffprobe said more than 4 MiB about it");
		return PROBE_SURE;
	case RUN_EXITED:
		break;
	}
	if (r->status != 0)
		return take_failure(r, a) ? PROBE_SURE : PROBE_UNSURE;
	answer_parse((const char *)r->out.data, r->out.len, a, c, tags);
	return PROBE_SURE;
}

/* What a file calls its chapters may be in any encoding, and JSON is UTF-8:
 * string_validation is for that. */
static enum probe_answer
ask(const char *ffprobe, const struct shim *shim, const volatile int *stop,
    const char *url, struct asset *a, struct chapters *c, struct facts *tags)
{
	const char *const argv[] = {
		ffprobe, "-v", "error", "-hide_banner",
		"-protocol_whitelist", "file,pipe",
		"-format_whitelist", argv_demuxers,
		"-show_entries", ANSWER_ENTRIES,
		"-of", "json=string_validation=replace", "-i", url, NULL
	};
	struct run_job r = {
		.argv = argv, .timeout_ms = TIMEOUT_MS, .max_out = MAX_JSON,
		.stop = stop, .shim = shim,
	};
	enum probe_answer answer;

	run_program(&r);
	answer = take_answer(&r, a, c, tags);
	buf_fini(&r.out);
	buf_fini(&r.err);
	return answer;
}

static enum probe_answer
probe_once(const char *ffprobe, const struct shim *shim,
    const volatile int *stop, struct asset *a, struct chapters *c,
    struct facts *tags)
{
	enum probe_answer answer;
	const char *why = check_file(a->path, &answer);
	char *url;

	*c = (struct chapters){ 0 };
	*tags = (struct facts)FACTS_NONE;
	if (why != NULL) {
		answer_set_bad(a, why);
		return answer;
	}
	url = xasprintf("file:%s", a->path);
	answer = ask(ffprobe, shim, stop, url, a, c, tags);
	free(url);
	return answer;
}

enum probe_answer
probe_file(const char *ffprobe, const struct shim *shim,
    const volatile int *stop, struct asset *a, struct chapters *c,
    struct facts *tags)
{
	int64_t until = mono_ms() + LACK_MS;
	enum probe_answer answer;

	while ((answer = probe_once(ffprobe, shim, stop, a, c, tags)) ==
	    PROBE_UNASKED && mono_ms() < until && (stop == NULL ||
	    __atomic_load_n(stop, __ATOMIC_RELAXED) == 0)) {
		poll(NULL, 0, AGAIN_MS);
		free(a->bad);
		a->bad = NULL;
	}
	return answer;
}
