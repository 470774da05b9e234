#include "media/shimfind.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "paths.h"

#define NAME		"retrovue-exec"
#define INSTALLED	LIBEXECDIR "/" NAME

static char *
try_path(char *path)
{
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static char *
beside_us(void)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	if ((slash = strrchr(self, '/')) != NULL)
		*slash = '\0';
	return try_path(xasprintf("%s/" NAME, self));
}

struct shim *
shimfind(const struct station *st)
{
	struct station_ffmpeg f = st->ffmpeg;
	bool required = f.sandbox == SANDBOX_REQUIRED;
	char *path = beside_us();

	if (geteuid() != 0)
		f.user = NULL;
	if (path == NULL)
		path = try_path(xstrdup(INSTALLED));
	if (path == NULL)
		fprintf(stderr, "warning: " INSTALLED ": %s; %s\n",
		    strerror(errno), required ? "no child can start" :
		    "children are not bounded and may outlive a daemon that "
		    "is killed");
	if (path == NULL && required)
		path = xstrdup(INSTALLED);
	return shim_new(path, &f);
}
