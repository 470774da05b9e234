#include "ctl_read.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/xmem.h"

#define READ_SIZE	(1u << 17)
#define CONNECT_S	10L
#define SILENCE_NS	(15 * NS_PER_S)	/* then the stream has ended */
#define REDIRECTS	5L
#define HTTP_REFUSED	300
#define SAID_MAX	4096u	/* of an error's body */

static volatile sig_atomic_t interrupted;

struct transfer {
	ctl_read_fn *fn;
	void *ctx;
	int64_t seconds;
	int64_t last;		/* when bytes, or the request, went by */
	int64_t first;		/* of the bytes; 0: none yet */
	bool enough;
	CURL *request;
	struct buf said;	/* the body of a refusal */
};

static void
on_interrupt(int signum)
{
	(void)signum;
	interrupted = 1;
}

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

bool
ctl_read_is_url(const char *source)
{
	return strncasecmp(source, "http://", 7) == 0 ||
	    strncasecmp(source, "https://", 8) == 0;
}

static int
read_fd(int fd, ctl_read_fn *fn, void *ctx)
{
	static uint8_t data[READ_SIZE];
	ssize_t n;

	while (!interrupted) {
		n = read(fd, data, sizeof data);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		if (!fn(ctx, data, (size_t)n, -1))
			return 0;
	}
	return 0;
}

static int
read_file(const char *path, ctl_read_fn *fn, void *ctx, struct buf *why)
{
	bool in = strcmp(path, "-") == 0;
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0 || (rc = read_fd(fd, fn, ctx)) < 0) {
		buf_addf(why, "cannot read it: %s", strerror(errno));
		rc = -1;
	}
	if (fd >= 0 && !in)
		close(fd);
	return rc;
}

static long
status_of(const struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->request, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static size_t
on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	int64_t now = now_ns();

	if (status_of(t) >= HTTP_REFUSED) {
		if (t->said.len < SAID_MAX)
			buf_add(&t->said, data, size * n);
		return t->said.len < SAID_MAX ? size * n : 0;
	}
	if (t->first == 0)
		t->first = now;
	t->last = now;
	t->enough = !t->fn(t->ctx, (const uint8_t *)data, size * n, now);
	return t->enough ? 0 : size * n;
}

/* About once a second, and whenever something happens. */
static int
on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t x,
    curl_off_t y)
{
	struct transfer *t = ctx;
	int64_t now = now_ns();

	(void)a;
	(void)b;
	(void)x;
	(void)y;
	if (t->seconds != 0 && t->first != 0 &&
	    now - t->first >= t->seconds * NS_PER_S)
		t->enough = true;
	return t->enough || interrupted || now - t->last > SILENCE_NS;
}

static CURL *
request_new(const char *url, struct transfer *t, char *error)
{
	CURL *h = curl_easy_init();

	if (h == NULL)
		return NULL;
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(h, CURLOPT_MAXREDIRS, REDIRECTS);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "retrovuectl");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	return h;
}

/* An error's body begins with a line for people. */
static int
url_refused(struct transfer *t, struct buf *why)
{
	char *line = xstrndup(buf_str(&t->said),
	    strcspn(buf_str(&t->said), "\r\n"));

	buf_addf(why, "HTTP status %ld%s", status_of(t),
	    *line != '\0' ? ": " : "");
	errs_escape(why, line);
	free(line);
	return CTL_READ_NONE;
}

/* A document says how long it is, a live stream does not and has no end. */
static int
url_short(const struct transfer *t, CURLcode rc, const char *error,
    struct buf *why)
{
	int64_t ms = (t->last - t->first) / (NS_PER_S / 1000);
	curl_off_t length = -1;

	curl_easy_getinfo(t->request, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	buf_addf(why, "it ended after %" PRId64 ".%03" PRId64 " s", ms / 1000,
	    ms % 1000);
	if (t->seconds != 0 && length < 0)
		buf_addf(why, " of %" PRId64, t->seconds);
	if (rc != CURLE_OK)
		buf_addf(why, ": %s", rc == CURLE_ABORTED_BY_CALLBACK ?
		    "silence" : error);
	return rc == CURLE_OK && (length >= 0 || t->seconds == 0) ?
	    CTL_READ_ALL : CTL_READ_CUT;
}

/* How it went: a stream that was cut off has been read as far as it was. */
static int
url_end(struct transfer *t, CURLcode rc, const char *error, struct buf *why)
{
	if (status_of(t) >= HTTP_REFUSED)
		return url_refused(t, why);
	if (t->enough || interrupted)
		return CTL_READ_ALL;
	if (t->first != 0)
		return url_short(t, rc, error, why);
	buf_adds(why, rc == CURLE_OK ? "it is empty" :
	    rc == CURLE_ABORTED_BY_CALLBACK ? "not one byte has come" :
	    error);
	return CTL_READ_NONE;
}

static int
read_url(const char *url, struct transfer *t, struct buf *why)
{
	char error[CURL_ERROR_SIZE] = "";
	CURL *h = request_new(url, t, error);
	CURLcode rc = CURLE_FAILED_INIT;

	int end;

	t->last = now_ns();
	t->request = h;
	if (h != NULL)
		rc = curl_easy_perform(h);
	end = url_end(t, rc, *error != '\0' ? error : curl_easy_strerror(rc),
	    why);
	curl_easy_cleanup(h);
	buf_fini(&t->said);
	return end;
}

int
ctl_read(const char *source, int64_t seconds, ctl_read_fn *fn, void *ctx,
    struct buf *why)
{
	/* Without SA_RESTART: a read that waits ends. */
	struct sigaction sa = { .sa_handler = on_interrupt }, old;
	struct transfer t = { .fn = fn, .ctx = ctx, .seconds = seconds };
	int rc;

	interrupted = 0;
	sigaction(SIGINT, &sa, &old);
	if (ctl_read_is_url(source))
		rc = read_url(source, &t, why);
	else
		rc = read_file(source, fn, ctx, why);
	sigaction(SIGINT, &old, NULL);
	return rc;
}
