#include "io/ringfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#define PUNCH_BYTES	(UINT64_C(1) << 20)	/* margin, and step */

/* What the mapping holds before it goes round: the ring, what comes before
 * it is trimmed, and the margin.  Only what is used takes memory. */
#define MAP_BYTES	(RINGIDX_BYTES + (UINT64_C(64) << 20))

static int
punch(int fd, uint64_t from, uint64_t to)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	    (off_t)from, (off_t)(to - from));
}

/* Kernels that imitate Linux know the calls but not always all that they can
 * do. */
static bool
file_serves(int fd)
{
	int pair[2];
	off_t off = 0;
	bool good;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	good = pwrite(fd, "", 1, 0) == 1 &&
	    sendfile(pair[0], fd, &off, 1) == 1 &&
	    punch(fd, 0, PUNCH_BYTES) == 0 && ftruncate(fd, 0) == 0;
	close(pair[0]);
	close(pair[1]);
	return good;
}

static int
file_open(void)
{
	int fd = memfd_create("retrovue-ring", MFD_CLOEXEC);

	if (fd >= 0 && !file_serves(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static uint8_t *
map_open(void)
{
	void *p = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

/* Opened before clients can use up the descriptors; should neither be had,
 * the mapping is tried again when it is needed. */
void
ringfile_init(struct ringfile *f, bool sendfile)
{
	*f = (struct ringfile){ .fd = sendfile ? file_open() : -1 };
	if (f->fd < 0)
		f->map = map_open();
}

void
ringfile_fini(struct ringfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->map != NULL)
		(void)munmap(f->map, MAP_BYTES);
	ringidx_fini(&f->idx);
	*f = (struct ringfile){ .fd = -1 };
}

/* How many of the n bytes at pos stand in one piece in the mapping. */
static size_t
map_run(uint64_t pos, uint64_t n)
{
	uint64_t run = MAP_BYTES - pos % MAP_BYTES;

	return (size_t)(n < run ? n : run);
}

static int
file_append(const struct ringfile *f, const uint8_t *p, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(f->fd, p + done, len - done,
		    (off_t)(f->head + done));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -EIO;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

/* What it overwrites is gone, whoever still wanted it. */
static int
map_append(struct ringfile *f, const uint8_t *p, size_t len)
{
	size_t run = map_run(f->head, len);

	if (len > MAP_BYTES)
		return -EFBIG;
	memcpy(f->map + f->head % MAP_BYTES, p, run);
	memcpy(f->map, p + run, len - run);
	if (f->head + len > f->punched + MAP_BYTES)
		f->punched = f->head + len - MAP_BYTES;
	return 0;
}

int
ringfile_append(struct ringfile *f, const void *data, size_t len)
{
	int rc;

	if (f->fd < 0 && f->map == NULL && (f->map = map_open()) == NULL)
		return -errno;
	rc = f->fd >= 0 ? file_append(f, data, len) :
	    map_append(f, data, len);
	if (rc == 0)
		f->head += len;
	return rc;
}

ssize_t
ringfile_send(const struct ringfile *f, int sock, uint64_t pos, size_t max)
{
	off_t off = (off_t)pos;

	if (pos < f->punched) {
		errno = EIO;
		return -1;
	}
	if (f->fd >= 0)
		return sendfile(sock, f->fd, &off, max);
	return send(sock, f->map + pos % MAP_BYTES, map_run(pos, max),
	    MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool
ringfile_trim(struct ringfile *f)
{
	uint64_t tail = ringidx_trim(&f->idx, f->tail, f->head);
	bool moved = tail > f->tail;

	f->tail = tail;
	return moved;
}

void
ringfile_forget(struct ringfile *f)
{
	ringidx_reset(&f->idx);
	f->tail = f->head;
}

/* Where it cannot be given back it is used again all the same. */
static int
map_punch(const struct ringfile *f, uint64_t end)
{
	size_t n = (size_t)(end - f->punched);
	size_t run = map_run(f->punched, n);

	(void)madvise(f->map + f->punched % MAP_BYTES, run, MADV_DONTNEED);
	if (n > run)
		(void)madvise(f->map, n - run, MADV_DONTNEED);
	return 0;
}

/* In whole steps, which are whole pages. */
void
ringfile_punch(struct ringfile *f)
{
	uint64_t end = f->tail - f->tail % PUNCH_BYTES;
	int rc;

	if ((f->fd < 0 && f->map == NULL) ||
	    end < f->punched + 2 * PUNCH_BYTES)
		return;
	end -= PUNCH_BYTES;
	rc = f->fd >= 0 ? punch(f->fd, f->punched, end) : map_punch(f, end);
	if (rc == 0)
		f->punched = end;
}

size_t
ringfile_rest(const struct ringfile *f, uint64_t pos,
    uint8_t rest[RINGFILE_PACKET])
{
	size_t into = (size_t)(pos % RINGFILE_PACKET);
	size_t left = RINGFILE_PACKET - into, run;
	ssize_t n;

	if (into == 0 || pos < f->punched)
		return 0;
	if (f->fd < 0) {
		run = map_run(pos, left);
		memcpy(rest, f->map + pos % MAP_BYTES, run);
		memcpy(rest + run, f->map, left - run);
		return left;
	}
	do
		n = pread(f->fd, rest, left, (off_t)pos);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)left ? left : 0;
}
