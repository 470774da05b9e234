#include "io/ringfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PUNCH_BYTES	(UINT64_C(1) << 20)	/* margin, and step */

static int
memory_open(void)
{
	return memfd_create("retrovue-ring", MFD_CLOEXEC);
}

/* Opened before clients can use up the descriptors; should that fail, again
 * when it is needed. */
void
ringfile_init(struct ringfile *f)
{
	*f = (struct ringfile){ .fd = memory_open() };
}

void
ringfile_fini(struct ringfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	ringidx_fini(&f->idx);
	*f = (struct ringfile){ .fd = -1 };
}

int
ringfile_append(struct ringfile *f, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t done = 0;

	if (f->fd < 0 && (f->fd = memory_open()) < 0)
		return -errno;
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
	f->head += len;
	return 0;
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

/* Holes are made in whole steps, which are whole pages. */
void
ringfile_punch(struct ringfile *f)
{
	uint64_t end = f->tail - f->tail % PUNCH_BYTES;

	if (f->fd < 0 || end < f->punched + 2 * PUNCH_BYTES)
		return;
	end -= PUNCH_BYTES;
	if (fallocate(f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	    (off_t)f->punched, (off_t)(end - f->punched)) == 0)
		f->punched = end;
}

size_t
ringfile_rest(const struct ringfile *f, uint64_t pos,
    uint8_t rest[RINGFILE_PACKET])
{
	size_t into = (size_t)(pos % RINGFILE_PACKET);
	size_t left = RINGFILE_PACKET - into;
	ssize_t n;

	if (into == 0 || pos < f->punched)
		return 0;
	do
		n = pread(f->fd, rest, left, (off_t)pos);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)left ? left : 0;
}
