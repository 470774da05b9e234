#include "ctl_http.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "media/mono.h"

#define TIMEOUT_MS	5000
#define ANSWER_MAX	((size_t)16 << 20)	/* bytes, head and all */
#define READ_SIZE	16384
#define STATUS_LEN	12			/* of "HTTP/1.1 200" */

/* A connection in *fd; a full backlog makes connect(2) wait as long as a
 * send may. */
static enum ctl_answer
open_socket(const char *path, int *fd)
{
	struct timeval patience = { .tv_sec = TIMEOUT_MS / 1000 };
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof sun.sun_path) {
		errno = ENAMETOOLONG;
		return CTL_FAILED;
	}
	memcpy(sun.sun_path, path, strlen(path) + 1);
	if ((*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return CTL_FAILED;
	setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(*fd, (struct sockaddr *)&sun, sizeof sun) == 0)
		return CTL_OK;
	return errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR ?
	    CTL_NO_DAEMON : CTL_FAILED;
}

static int
send_all(int fd, struct buf *request)
{
	size_t at = 0;
	ssize_t n;

	while (at < request->len) {
		n = send(fd, request->data + at, request->len - at,
		    MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -1;
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Wait for bytes until the deadline. */
static int
wait_readable(int fd, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	int n;

	do {
		left = deadline_ms - mono_ms();
		n = left > 0 ? poll(&p, 1, (int)left) : 0;
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0 ? 0 : -1;
}

/* To the end: HTTP/1.0 closes behind its answer (RFC 9112 9.3). */
static int
receive_all(int fd, struct buf *in, int64_t deadline_ms)
{
	ssize_t n;

	for (;;) {
		if (wait_readable(fd, deadline_ms) < 0)
			return -1;
		n = recv(fd, buf_extend(in, READ_SIZE), READ_SIZE, 0);
		in->len -= READ_SIZE - (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -1;
		if (in->len > ANSWER_MAX) {
			errno = EMSGSIZE;
			return -1;
		}
	}
}

static bool
is_status(const char *text, const char *status)
{
	return strncmp(text, "HTTP/1.", 7) == 0 &&
	    (text[7] == '0' || text[7] == '1') &&
	    strncmp(text + 8, status, STATUS_LEN - 8) == 0;
}

/* Leave the body of a 200 or 202 in *in, or a sentence about anything else. */
static enum ctl_answer
unwrap(struct buf *in)
{
	enum ctl_answer rc = CTL_FAILED;
	const char *text = buf_str(in);
	const char *body = memmem(text, in->len, "\r\n\r\n", 4);

	if (body != NULL && (is_status(text, " 200") ||
	    is_status(text, " 202"))) {
		buf_drain(in, (size_t)(body + 4 - text));
		return CTL_OK;
	}
	if (body != NULL && strncmp(text, "HTTP/1.", 7) == 0) {
		rc = is_status(text, " 404") ? CTL_NOT_FOUND : CTL_REFUSED;
		/* An error's body is one line for people. */
		buf_drain(in, (size_t)(body + 4 - text));
		in->len = strcspn(buf_str(in), "\r\n");
	} else {
		buf_reset(in);
		buf_adds(in, "what listens there does not speak HTTP");
	}
	return rc;
}

enum ctl_answer
ctl_http_ask(const char *path, const char *method, const char *target,
    struct buf *body)
{
	int64_t deadline_ms = mono_ms() + TIMEOUT_MS;
	struct buf request = { 0 };
	enum ctl_answer rc;
	int fd = -1;

	buf_addf(&request, "%s %s HTTP/1.0\r\nHost: localhost\r\n"
	    "Content-Length: 0\r\nConnection: close\r\n\r\n", method, target);
	buf_reset(body);
	rc = open_socket(path, &fd);
	if (rc == CTL_OK && (send_all(fd, &request) < 0 ||
	    receive_all(fd, body, deadline_ms) < 0))
		rc = CTL_FAILED;
	if (rc == CTL_OK) {
		rc = unwrap(body);
	} else {
		buf_reset(body);
		buf_addf(body, "%s%s", strerror(errno), errno == EACCES ?
		    ": root may, and who is in the socket's group" : "");
	}
	if (fd >= 0)
		close(fd);
	buf_fini(&request);
	return rc;
}
