#include "media/devicefile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/files.h"
#include "plan/device_id.h"

#define FILE_NAME	"device-id"

static bool
id_read(const char *path, uint32_t *id)
{
	char text[DEVICE_ID_DIGITS + 2] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n != DEVICE_ID_DIGITS + 1 || text[DEVICE_ID_DIGITS] != '\n')
		return false;
	text[DEVICE_ID_DIGITS] = '\0';
	return device_id_parse(text, id);
}

static int
id_write(const char *path, uint32_t id)
{
	char text[DEVICE_ID_DIGITS + 2];

	(void)snprintf(text, sizeof text, "%08" PRIX32 "\n", id);
	return files_replace(path, text, strlen(text)) < 0 ? -errno : 0;
}

int
devicefile_get(const char *dir, uint32_t *id)
{
	char *path = xasprintf("%s/" FILE_NAME, dir);
	uint32_t bits = 0;
	int rc = 0;

	if (!id_read(path, id)) {
		if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) < 0)
			rc = -errno;
		*id = device_id_make(bits);
		if (rc == 0)
			rc = id_write(path, *id);
	}
	free(path);
	return rc;
}
