#include "media/logo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/length.h"
#include "base/xmem.h"
#include "media/limbo.h"

#define WAIT_MS		3000	/* for a disk */
#define SVG_HEAD	1024	/* bytes in which <svg is looked for */

const char logo_late[] = "is on a disk that does not answer";

static const struct {
	const char *magic;
	size_t len, at;
	const char *type;
} kinds[] = {
	{ "\x89PNG\r\n\x1a\n", 8, 0, "image/png" },
	{ "\xff\xd8\xff", 3, 0, "image/jpeg" },
	{ "GIF87a", 6, 0, "image/gif" },
	{ "GIF89a", 6, 0, "image/gif" },
	{ "WEBP", 4, 8, "image/webp" },
};

/* Text with its root not far: a prologue and comments may come before. */
static bool
is_svg(const uint8_t *data, size_t len)
{
	size_t n = len < SVG_HEAD ? len : SVG_HEAD;

	return memchr(data, '\0', n) == NULL &&
	    memmem(data, n, "<svg", 4) != NULL;
}

const char *
logo_type(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (len >= kinds[i].at + kinds[i].len && memcmp(data +
		    kinds[i].at, kinds[i].magic, kinds[i].len) == 0)
			return kinds[i].type;
	return len > 0 && is_svg(data, len) ? "image/svg+xml" : NULL;
}

struct work {
	char *path;
	struct buf bytes;
	const char *why;
};

static void
drop(void *arg)
{
	struct work *w = arg;

	buf_fini(&w->bytes);
	free(w->path);
	free(w);
}

/* Not from a pipe, and never more than it may be, whatever fstat() says. */
static const char *
read_all(int fd, struct buf *out)
{
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "is no file";
	while (n > 0 && out->len <= LOGO_MAX) {
		uint8_t *to = buf_extend(out, 65536);

		n = read(fd, to, 65536);
		out->len -= 65536 - (n > 0 ? (size_t)n : 0);
	}
	if (n < 0)
		return "cannot be read";
	return out->len > LOGO_MAX ? "has more than 1 MiB" : NULL;
}

static void
run(void *arg, const volatile int *stop)
{
	struct work *w = arg;
	int fd = open(w->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	(void)stop;
	if (fd < 0) {
		w->why = errno == ENOENT ? "is not there" : "cannot be read";
		return;
	}
	w->why = read_all(fd, &w->bytes);
	close(fd);
}

const char *
logo_read(const char *path, struct buf *out, const char **why,
    const volatile int *stop)
{
	struct work *w = xcalloc(1, sizeof *w);
	const struct limbo_work work = {
		.run = run, .drop = drop, .arg = w, .timeout_ms = WAIT_MS,
		.stop = stop, .place = path, .alone = true,
	};
	const char *type = NULL;

	w->path = xstrdup(path);
	if (!limbo_run(&work)) {
		*why = logo_late;
		return NULL;
	}
	*why = w->why;
	if (w->why == NULL &&
	    (type = logo_type(w->bytes.data, w->bytes.len)) == NULL)
		*why = "is neither PNG, JPEG, GIF, WebP nor SVG";
	if (type != NULL) {
		*out = w->bytes;
		w->bytes = (struct buf){ 0 };
	}
	drop(w);
	return type;
}
